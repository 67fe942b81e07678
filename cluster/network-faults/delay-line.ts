import type { Passage, Stage } from './stream-fault.ts';

interface Held {
  passage: Passage;
  arrivedAt: number;
  releaseAt: number;
  /** What each stage has said to it, in ms: it is asked once. */
  verdicts: Map<Stage, number>;
  deliver: () => void;
}

/** What a held chunk costs beside its bytes, so that a million one-byte chunks are bounded too. */
const OVERHEAD = 256;
const MOST_HELD = 1024 * 1024;

export interface DelayLineEvents {
  /** A stage holds a passage back, for so many ms; or wants the connection reset. Once for each stage and passage. */
  met: (stage: Stage, passage: Passage, ms: number | 'reset') => void;
  reset: () => void;
}

/**
 * One direction of one connection: passages leave in the order in which they came, each no earlier than the stages of the
 * faults in force allow. Without a fault it is not in the way at all (`clear`).
 */
export class DelayLine {
  #stages: readonly Stage[] = [];
  #held: Held[] = [];
  #weight = 0;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #events: DelayLineEvents;
  readonly #now: () => number;

  constructor(events: DelayLineEvents, now: () => number = () => performance.now()) {
    this.#events = events;
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
    if (this.#isOver) return;
    const held: Held = { passage, arrivedAt: this.#now(), releaseAt: 0, verdicts: new Map(), deliver };
    if (!this.#schedule(held, this.#held.at(-1)?.releaseAt ?? 0)) return;
    this.#held.push(held);
    this.#weight += passage.bytes + OVERHEAD;
    if (this.#held.length === 1) this.#releaseDue();
  }

  /**
   * Other faults are in force from now on. What waits no longer waits for those that went, and meets those that came, from the
   * moment at which it arrived; what the others have said to it stays.
   */
  setStages(stages: readonly Stage[]): void {
    this.#stages = stages;
    let previous = 0;
    for (const held of this.#held) {
      if (!this.#schedule(held, previous)) return;
      previous = held.releaseAt;
    }
    this.#releaseDue();
  }

  /** Drops what waits, and all that comes: the connection is gone. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#held = [];
    this.#weight = 0;
  }

  #schedule(held: Held, notBefore: number): boolean {
    let at = held.arrivedAt;
    for (const stage of this.#stages) {
      // What is held for ever does not get to the next.
      if (at === Infinity) break;
      let ms = held.verdicts.get(stage);
      if (ms === undefined) {
        const until = stage(held.passage, at);
        ms = until === 'reset' ? 0 : until - at;
        if (until === 'reset' || ms > 0) this.#events.met(stage, held.passage, until === 'reset' ? until : ms);
        if (until === 'reset') {
          this.end();
          this.#events.reset();
          return false;
        }
        held.verdicts.set(stage, ms);
      }
      at += ms;
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
