import type { Passage, Stage } from './stream-fault.ts';

interface Held {
  passage: Passage;
  arrivedAt: number;
  releaseAt: number;
  deliver: () => void;
}

/** What a held chunk costs beside its bytes, so that a million one-byte chunks are bounded too. */
const OVERHEAD = 256;
const MOST_HELD = 1024 * 1024;

/**
 * One direction of one connection: passages leave in the order in which they came, each no earlier than the stages of the
 * faults in force allow. Without a fault it is not in the way at all (`clear`).
 */
export class DelayLine {
  #stages: Stage[] = [];
  #held: Held[] = [];
  #weight = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #onReset: () => void;
  readonly #now: () => number;

  constructor(onReset: () => void, now: () => number = () => performance.now()) {
    this.#onReset = onReset;
    this.#now = now;
  }

  /** Nothing acts and nothing waits: bytes may go straight on. */
  get clear(): boolean {
    return this.#stages.length === 0 && this.#held.length === 0;
  }

  /** No more bytes should be read until some have left. */
  get full(): boolean {
    return this.#weight >= MOST_HELD;
  }

  hold(passage: Passage, deliver: () => void): void {
    const held = { passage, arrivedAt: this.#now(), releaseAt: 0, deliver };
    if (!this.#schedule(held, this.#held.at(-1)?.releaseAt ?? 0)) return;
    this.#held.push(held);
    this.#weight += passage.bytes + OVERHEAD;
    if (this.#held.length === 1) this.#releaseDue();
  }

  /** Other faults are in force from now on: what waits is judged anew, from the moment it came. */
  setStages(stages: Stage[]): void {
    this.#stages = stages;
    let previous = 0;
    for (const held of this.#held) {
      if (!this.#schedule(held, previous)) return;
      previous = held.releaseAt;
    }
    this.#releaseDue();
  }

  /** Drops what waits: the connection is gone. */
  empty(): void {
    clearTimeout(this.#timer);
    this.#held = [];
    this.#weight = 0;
  }

  #schedule(held: Held, notBefore: number): boolean {
    let at: number | 'reset' = held.arrivedAt;
    for (const stage of this.#stages) {
      at = stage(held.passage, at);
      if (at === 'reset') {
        this.#onReset();
        return false;
      }
    }
    held.releaseAt = Math.max(at, notBefore);
    return true;
  }

  #releaseDue(): void {
    clearTimeout(this.#timer);
    for (let head = this.#held[0]; head; head = this.#held[0]) {
      const wait = head.releaseAt - this.#now();
      if (wait > 0) {
        // Timers count whole milliseconds and may come a fraction early: round up, and look again.
        if (wait !== Infinity) this.#timer = setTimeout(() => this.#releaseDue(), Math.ceil(wait));
        return;
      }
      this.#held.shift();
      this.#weight -= head.passage.bytes + OVERHEAD;
      head.deliver();
    }
  }
}
