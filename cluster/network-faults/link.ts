import type { Socket } from 'node:net';
import { carry } from './carry.ts';
import { DelayLine } from './delay-line.ts';
import { stageOf, type StreamFault } from './index.ts';

export interface LinkEvents {
  /** A fault wants both ends reset. */
  reset: () => void;
  /** A request begins: a burst of bytes from the caller, which is what it sends until the callee answers. */
  request: () => void;
  /** Bytes came, from either side. */
  bytes: () => void;
}

/**
 * What is between the two sockets of a connection: a line there and a line back, with the faults that act on both. Without
 * faults it is not in the way. Whoever owns the sockets opens, watches and closes them.
 *
 *   caller ══ client socket ══▶ there ══▶ upstream socket ══ callee
 *                           ◀══ back  ◀══
 */
export class Link {
  readonly #events: LinkEvents;
  readonly #there: DelayLine;
  readonly #back: DelayLine;
  #requestUnderway = false;

  constructor(events: LinkEvents) {
    this.#events = events;
    this.#there = new DelayLine(events.reset);
    this.#back = new DelayLine(events.reset);
  }

  /** These act from now on, on what is on its way too. */
  setFaults(faults: readonly StreamFault[]): void {
    for (const line of [this.#there, this.#back]) {
      line.setStages(faults.map(stageOf).filter((stage) => stage !== null));
    }
  }

  /** One half of the handshake travels: the SYN there, the SYN-ACK (or a refusal) back. */
  passOpening(direction: 'there' | 'back', then: () => void): void {
    (direction === 'there' ? this.#there : this.#back).hold({ kind: 'open', bytes: 0 }, then);
  }

  /** Carries bytes both ways, until both sides have ended. Expects sockets that allow half-open connections. */
  carry(client: Socket, upstream: Socket): void {
    carry(client, upstream, this.#there, () => {
      this.#events.bytes();
      if (!this.#requestUnderway) this.#events.request();
      this.#requestUnderway = true;
    });
    carry(upstream, client, this.#back, () => {
      this.#requestUnderway = false;
      this.#events.bytes();
    });
  }

  /** Drops what is on its way: the connection is over. */
  empty(): void {
    this.#there.empty();
    this.#back.empty();
  }
}
