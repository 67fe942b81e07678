import type { History } from '../../server/contract/history.ts';
import type { Changes } from '../../server/contract/stream.ts';
import { attempt } from './action.ts';
import { request } from './api.ts';
import { StoppedClock } from './clock.ts';
import { LabStore } from './lab-store.ts';
import type { Sink } from './source.ts';
import { createStore } from './store.ts';

/** How far back the server's history goes. */
export const readHistory = () => request<History>('GET', '/api/history');

const readMoment = (at: number) => request<Changes>('GET', `/api/history/${Math.round(at)}`);

/** Where in time a page is: live, or at a moment of the past, which it shows from a store of its own. */
export class Rewind {
  /** The moment that is wanted, Unix time in ms; null is live. */
  readonly at = createStore<number | null>(null);
  /** The system as it was then, once the server has answered; its `time` is that of the moment kept. */
  readonly past: LabStore;
  readonly #read: (at: number) => Promise<Changes>;
  #sink: Sink | null = null;
  #reading = false;
  #again = false;

  constructor(read: (at: number) => Promise<Changes> = readMoment) {
    this.#read = read;
    const open = (sink: Sink) => {
      this.#sink = sink;
      sink.connection('past');
      // What is shown anew, as the list in place of the graph, comes with the whole moment.
      return { show: () => void this.#refresh(), close: () => undefined };
    };
    this.past = new LabStore({ open }, new StoppedClock());
    this.past.open();
  }

  go(at: number): void {
    this.at.set(at);
    void this.#refresh();
  }

  live(): void {
    this.at.set(null);
    this.past.system.set(null); // so that the next moment is not preceded by this one
  }

  /** One request at a time: while the handle is dragged, the next is for where it is then. */
  async #refresh(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    for (let at = this.at.get(); at !== null && this.#again; at = this.at.get()) {
      this.#again = false;
      const wanted = at;
      const changes = await attempt(() => this.#read(wanted));
      if (this.at.get() === null) break;
      if (changes) this.#sink?.changes(changes);
      else if (this.past.system.get() === null) this.live(); // there is no moment to be in
    }
    this.#reading = false;
  }
}

/** `own` of a live store: one for all of the page that shows it. */
export const rewindOf = (_live: LabStore): Rewind => new Rewind();
