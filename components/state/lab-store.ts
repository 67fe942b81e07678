import type { Frame } from '../../server/contract/frame.ts';
import type { Changes, Member, Show } from '../../server/contract/stream.ts';
import type { SignalId } from '../../server/contract/signals.ts';
import { ServerClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { ConnectionState } from './connection.ts';
import { fold, forget, noEntities, pointsOf } from './fold.ts';
import { mergeSignals } from './signal-buffer.ts';
import type { Signals } from './signal-buffer.ts';
import type { Feed, Source } from './source.ts';
import { createStore } from './store.ts';

/** The members of the state that the page shows; `time` is the server's of the last change. */
export type SystemView = Partial<Pick<Frame, Member>> & { time: number };

/** Charts redraw at most this often, in ms. */
const SIGNAL_BEAT = 1000;

/**
 * One system as a page knows it, from one source. Pages get theirs by context (`useLabStore`); two beside each other know
 * nothing of one another.
 */
export class LabStore {
  /** The last known state; null before the first message. */
  readonly system = createStore<SystemView | null>(null);
  /** The seconds of the series shown, published once a second, however often changes come. */
  readonly signals = createStore<Signals>({});
  readonly connection = createStore<ConnectionState>('connecting');
  readonly clock: Clock;
  readonly #source: Source;
  readonly #members = new Map<Member, number>();
  readonly #series = new Map<SignalId, number>();
  readonly #kept = new Map<unknown, unknown>();
  #entities = noEntities();
  #feed: Feed | null = null;
  #buffered: Signals = {};
  #beat: ReturnType<typeof setTimeout> | null = null;
  #telling = false;
  #told = '';

  constructor(source: Source, clock: Clock = new ServerClock()) {
    this.#source = source;
    this.clock = clock;
  }

  /** Opens the source. Returns how to close it. */
  open(): () => void {
    const feed = this.#source.open(
      { changes: (changes) => this.#take(changes), connection: (state) => this.connection.set(state) },
      () => this.#shown(),
    );
    this.#feed = feed;
    return () => {
      feed.close();
      if (this.#feed === feed) this.#feed = null;
      if (this.#beat) clearTimeout(this.#beat);
      this.#beat = null;
    };
  }

  /** A part of the page shows these from now on: the source is asked for no more than all parts together. Returns how to end it. */
  show({ members = [], series = [] }: Partial<Show>): () => void {
    for (const member of members) this.#members.set(member, (this.#members.get(member) ?? 0) + 1);
    for (const id of series) this.#series.set(id, (this.#series.get(id) ?? 0) + 1);
    this.#tellSoon();
    return () => {
      for (const member of members) release(this.#members, member);
      for (const id of series) release(this.#series, id);
      this.#tellSoon();
    };
  }

  /** What belongs to this store and is made at first use, as answers of the API: one of each `make`. */
  own<T>(make: (store: LabStore) => T): T {
    if (!this.#kept.has(make)) this.#kept.set(make, make(this));
    return this.#kept.get(make) as T;
  }

  #shown(): Show {
    const show = { members: [...this.#members.keys()].sort(), series: [...this.#series.keys()].sort() };
    this.#told = JSON.stringify(show);
    return show;
  }

  /** Once for all that appears or goes at the same time. */
  #tellSoon(): void {
    if (this.#telling) return;
    this.#telling = true;
    // Not a microtask: a route that goes and the one that comes are one change.
    setTimeout(() => {
      this.#telling = false;
      const before = this.#told;
      const show = this.#shown();
      if (this.#told === before) return;
      this.#forgetUnseen();
      this.#feed?.show(show);
    });
  }

  /** What is shown no more grows old: it must not come back for a moment later. */
  #forgetUnseen(): void {
    const view = this.system.get();
    if (!view) return;
    const unseen = Object.keys(view).filter((name) => name !== 'time' && !this.#members.has(name as Member));
    for (const member of unseen) forget(this.#entities, member);
    if (unseen.length > 0) this.#publish(fold(this.#entities, { time: view.time, number: 0 }, view), view.time);
    this.#buffered = Object.fromEntries(Object.entries(this.#buffered).filter(([id]) => this.#series.has(id)));
  }

  #take(changes: Changes): void {
    this.clock.note(changes.time);
    if (changes.whole) {
      this.#entities = noEntities();
      this.#buffered = {};
    }
    const series = Object.entries(changes.series ?? {}).map(([id, runs]) => [id, runs.flatMap(pointsOf)] as const);
    this.#buffered = mergeSignals(this.#buffered, Object.fromEntries(series));
    if (changes.whole) this.signals.set(this.#buffered);
    else if (series.length > 0) this.#publishSignalsSoon();
    this.#publish(fold(this.#entities, changes, this.system.get()), changes.time);
  }

  #publish(state: object, time: number): void {
    this.system.set({ ...state, time });
  }

  #publishSignalsSoon(): void {
    this.#beat ??= setTimeout(() => {
      this.#beat = null;
      this.signals.set(this.#buffered);
    }, SIGNAL_BEAT);
  }
}

function release<T>(counts: Map<T, number>, key: T): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
