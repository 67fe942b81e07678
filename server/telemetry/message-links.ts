/** Who sent a message, and through which broker; null where the span names none. */
export interface Sender {
  service: string;
  broker: string | null;
}

/** About 3000 messages: one that lies in its queue while so many more are sent is not found again. */
const MAX_BYTES = 512 * 1024;
/** What an entry takes beside its names, measured (memory-bounds.test.ts). */
const SENDER_BYTES = 150;
const MAX_WAITING = 512;
/** SDKs send their spans every 5 s. */
const WAIT_MS = 10_000;

interface Waiting {
  since: number;
  tell: ((sender: Sender | null) => void)[];
}

/**
 * Finds who sent what a consumer handles. Its span is linked to the one that sent the message, which comes from another
 * process at a time of its own: whoever asks before that waits a while. Bounded in bytes, and in how many wait; nothing of a span is kept.
 */
export class MessageLinks {
  /** By span id, the oldest first. */
  readonly #senders = new Map<string, Sender>();
  /** By the span id that is asked for, the longest waiting first. */
  readonly #waiting = new Map<string, Waiting>();
  #asked = 0;
  #bytes = 0;

  /** What the senders take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param spanId of a span that has not come in before */
  sent(spanId: string, sender: Sender): void {
    if (this.#senders.has(spanId)) return;
    const waiting = this.#waiting.get(spanId);
    if (waiting) this.#answer(spanId, waiting, sender);
    this.#senders.set(spanId, sender);
    this.#bytes += cost(sender);
    for (const [oldest, known] of this.#senders) {
      if (this.#bytes <= MAX_BYTES) break;
      this.#senders.delete(oldest);
      this.#bytes -= cost(known);
    }
  }

  known(spanId: string): Sender | undefined {
    return this.#senders.get(spanId);
  }

  /** Tells of the sender once it is known; null when it is not within 10 s. @param now Unix time in ms */
  wait(spanId: string, now: number, tell: (sender: Sender | null) => void): void {
    if (this.#asked >= MAX_WAITING) return tell(null);
    this.#asked++;
    const waiting = this.#waiting.get(spanId);
    if (waiting) waiting.tell.push(tell);
    else this.#waiting.set(spanId, { since: now, tell: [tell] });
  }

  /** Answers those who have waited long enough. */
  giveUp(now: number): void {
    for (const [spanId, waiting] of this.#waiting) {
      if (now - waiting.since < WAIT_MS) break;
      this.#answer(spanId, waiting, null);
    }
  }

  #answer(spanId: string, { tell }: Waiting, sender: Sender | null): void {
    this.#waiting.delete(spanId);
    this.#asked -= tell.length;
    for (const each of tell) each(sender);
  }
}

function cost({ service, broker }: Sender): number {
  return SENDER_BYTES + service.length + (broker?.length ?? 0);
}
