import type { Mark } from './contract/signals.ts';

const keptMs = 15 * 60_000;

/** Moments to mark on every chart: the last 15 minutes of them. */
export class Marks {
  #marks: Mark[] = [];
  #next = 1;

  add(kind: Mark['kind'], label: string, at: number = Date.now()): void {
    this.#marks = [...this.list(at), { id: `mark-${this.#next++}`, at, kind, label }];
  }

  list(now: number = Date.now()): Mark[] {
    if (this.#marks[0] && this.#marks[0].at < now - keptMs)
      this.#marks = this.#marks.filter(({ at }) => at >= now - keptMs);
    return this.#marks;
  }
}
