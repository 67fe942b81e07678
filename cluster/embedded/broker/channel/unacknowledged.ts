import type { Entry } from '../message.ts';
import { ReplyError } from '../protocol/reply-error.ts';
import type { Queue } from '../queue/queue.ts';

export interface Delivery {
  entry: Entry;
  queue: Queue;
  /** Gets room for one more when it is settled. */
  consumer: { unacknowledged: number } | null;
}

/** What a channel was given and has not acknowledged yet, by delivery tag. */
export class Unacknowledged {
  #lastTag = 0;
  /** Tags grow, so this is in their order. */
  #deliveries = new Map<number, Delivery>();

  get size(): number {
    return this.#deliveries.size;
  }

  nextTag(): number {
    return ++this.#lastTag;
  }

  add(tag: number, delivery: Delivery): void {
    this.#deliveries.set(tag, delivery);
  }

  /**
   * Takes out the delivery of a tag, or all up to it; the tag 0 stands for all there are. Throws ReplyError PRECONDITION_FAILED for a tag
   * that waits for nothing.
   */
  take(tag: number, multiple: boolean): Delivery[] {
    if (multiple && tag === 0) return this.takeAll();
    const known = this.#deliveries.get(tag);
    if (!known) throw new ReplyError('PRECONDITION_FAILED', `unknown delivery tag ${tag}`);
    if (!multiple) {
      this.#deliveries.delete(tag);
      return [known];
    }
    const taken: Delivery[] = [];
    for (const [each, delivery] of this.#deliveries) {
      if (each > tag) break;
      this.#deliveries.delete(each);
      taken.push(delivery);
    }
    return taken;
  }

  takeAll(): Delivery[] {
    const taken = [...this.#deliveries.values()];
    this.#deliveries.clear();
    return taken;
  }
}
