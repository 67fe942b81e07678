import type { Entry } from '../message.ts';

/** Behind the line in memory there may be messages that only the disk has. */
export interface Disk {
  /** The next messages behind an id. */
  load(after: number): Entry[];
}

/**
 * Messages of one priority that are ready, in the order of their ids. Its head is in memory, its tail on the disk:
 *
 *     next -> [ 3 5 6 7 ] | 8 9 10 ... (a count)
 */
export class ReadyLine {
  #entries: Entry[] = [];
  #first = 0;
  #onDisk: number;
  /** Greatest id that has been in memory. */
  #last = 0;
  readonly #disk: Disk;

  constructor(disk: Disk, onDisk = 0) {
    this.#disk = disk;
    this.#onDisk = onDisk;
  }

  get length(): number {
    return this.inMemory + this.#onDisk;
  }

  get inMemory(): number {
    return this.#entries.length - this.#first;
  }

  /** Once there is a tail, whatever comes belongs to it. */
  get hasTail(): boolean {
    return this.#onDisk > 0;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#last = entry.id;
  }

  /** One more that only the disk has. */
  pushToDisk(): void {
    this.#onDisk++;
  }

  /** Undefined when it is empty. */
  peek(): Entry | undefined {
    if (this.#first === this.#entries.length && this.#onDisk > 0) this.#refill();
    return this.#entries[this.#first];
  }

  shift(): Entry | undefined {
    const entry = this.peek();
    if (!entry) return undefined;
    this.#first++;
    if (this.#first > 1_000 && this.#first * 2 > this.#entries.length) {
      this.#entries.splice(0, this.#first);
      this.#first = 0;
    }
    return entry;
  }

  /** Puts some back where they were; they are in order. */
  insert(entries: Entry[]): void {
    const next = this.#entries[this.#first];
    if (this.#first >= entries.length && (!next || entries.at(-1)!.id < next.id)) {
      this.#first -= entries.length;
      for (const [index, entry] of entries.entries()) this.#entries[this.#first + index] = entry;
      return;
    }
    this.#entries = [...entries, ...this.held()].sort((a, b) => a.id - b.id);
    this.#first = 0;
  }

  /** Empties it; answers with what was in memory. */
  clear(): Entry[] {
    const entries = this.held();
    this.#entries = [];
    this.#first = 0;
    this.#onDisk = 0;
    return entries;
  }

  /** Those in memory. */
  held(): Entry[] {
    return this.#entries.slice(this.#first);
  }

  #refill(): void {
    const entries = this.#disk.load(this.#last);
    this.#entries = entries;
    this.#first = 0;
    this.#onDisk -= entries.length;
    this.#last = entries.at(-1)?.id ?? this.#last;
  }
}
