import { useEffect, useRef } from 'react';

/** One thing the page can do: behind its button, its key and its entry in the palette. */
export interface Command {
  /** `stop-all`, `tab-patterns`: one of each is on the page. */
  id: string;
  /** What it does, as the palette lists it: `Stop all faults`. */
  label: string;
  /** The heading it is listed under. */
  group: string;
  /** In the words of tinykeys: `Escape`, `$mod+k`, `g h` one after the other. Fixed as long as the command is there. */
  keys?: string;
  /** More words by which the palette finds it. */
  words?: string[];
  /** Whether it can be done now; always, where it is not said. */
  when?: () => boolean;
  /** `by`: the key that was pressed for it, where one was. */
  run: (by?: KeyboardEvent) => void;
}

type Offer = { readonly current: readonly Command[] };
const offers = new Set<Offer>();
const listeners = new Set<() => void>();

/** Takes commands into what the page can do; `offer.current` is read when it is asked for. Returns how to take them out. */
export function offerCommands(offer: Offer): () => void {
  offers.add(offer);
  for (const listener of listeners) listener();
  return () => {
    offers.delete(offer);
    for (const listener of listeners) listener();
  };
}

/** Calls back when a part of the page that has commands came or went; returns how to stop. */
export function onOffersChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** All commands of what the page shows, in the order in which it came. */
export function allCommands(): Command[] {
  return [...offers].flatMap(({ current }) => current);
}

export function canRun({ when }: Command): boolean {
  return when?.() ?? true;
}

/** What this part of the page can do, as long as it is shown. */
export function useCommands(own: readonly Command[]): void {
  const latest = useRef(own);
  useEffect(() => {
    latest.current = own;
  });
  useEffect(() => offerCommands(latest), []);
}

/** Does what the button of another part of the page stands for. */
export function runCommand(id: string): void {
  allCommands()
    .find((command) => command.id === id)
    ?.run();
}
