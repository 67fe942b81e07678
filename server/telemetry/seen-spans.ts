import { randomInt } from 'node:crypto';
import { WINDOW_SECONDS } from './series.ts';

/** Ids are forgotten by the quarter: all are known for the window at least, and for a quarter more at most. */
const GENERATIONS = 4;
const GENERATION_MS = (WINDOW_SECONDS * 1000) / (GENERATIONS - 1);
const FIRST_SLOTS = 1024;
const BYTES_PER_SLOT = 8;
const FULLEST = 0.7;

/**
 * Which spans have come in, so that one sent again, because its answer was lost, is known whatever became of its trace.
 * Holds 64 bits of a hash with a seed of this process for each (of a million, two are taken for the same with a chance
 * of one to 30 million), in open addressing: 11 to 23 bytes a span. Bounded by time, and by bytes: a flood shortens the memory.
 */
export class SeenSpans {
  readonly #mostSlots: number;
  readonly #seeds = [randomInt(2 ** 32), randomInt(2 ** 32)] as const;
  /** The newest first. */
  #generations: Generation[] = [new Generation(0)];

  /** @param maxBytes for all generations together; a power of two times 32 KB is used whole */
  constructor(maxBytes: number) {
    this.#mostSlots = 2 ** Math.floor(Math.log2(maxBytes / GENERATIONS / BYTES_PER_SLOT));
  }

  get bytes(): number {
    return this.#generations.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** True for a span that has not come in before; it has now. @param now Unix time in ms */
  isNew(traceId: string, spanId: string, now: number): boolean {
    const high = hash(traceId, spanId, this.#seeds[0]);
    const low = hash(traceId, spanId, this.#seeds[1]);
    if (this.#generations.some((generation) => generation.has(high, low))) return false;
    this.#current(now).add(high, low);
    return true;
  }

  #current(now: number): Generation {
    const newest = this.#generations[0]!;
    if (newest.startedAt === 0) newest.startedAt = now;
    if (now - newest.startedAt < GENERATION_MS && newest.hasRoom(this.#mostSlots)) return newest;
    const next = new Generation(now);
    const oldest = now - GENERATION_MS * GENERATIONS;
    this.#generations = [next, ...this.#generations.filter(({ startedAt }) => startedAt > oldest)].slice(
      0,
      GENERATIONS,
    );
    return next;
  }
}

class Generation {
  startedAt: number;
  #slots = new Uint32Array(FIRST_SLOTS * 2);
  #count = 0;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  get bytes(): number {
    return this.#slots.byteLength;
  }

  hasRoom(mostSlots: number): boolean {
    return this.#count < this.#slots.length * 0.5 * FULLEST || this.#slots.length < mostSlots * 2;
  }

  has(high: number, low: number): boolean {
    const at = find(this.#slots, high, low);
    return this.#slots[at] !== 0 || this.#slots[at + 1] !== 0;
  }

  add(high: number, low: number): void {
    if (this.#count >= this.#slots.length * 0.5 * FULLEST) this.#grow();
    put(this.#slots, high, low);
    this.#count++;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += 2) {
      const [high, low] = [this.#slots[at]!, this.#slots[at + 1]!];
      if (high !== 0 || low !== 0) put(larger, high, low);
    }
    this.#slots = larger;
  }
}

function put(slots: Uint32Array, high: number, low: number): void {
  const at = find(slots, high, low);
  slots[at] = high;
  slots[at + 1] = low;
}

/** Where that pair is, or would be. There always is a free place: tables are never filled. */
function find(slots: Uint32Array, high: number, low: number): number {
  const mask = slots.length - 2;
  let at = (low << 1) & mask;
  while ((slots[at] !== high || slots[at + 1] !== low) && (slots[at] !== 0 || slots[at + 1] !== 0))
    at = (at + 2) & mask;
  return at;
}

/** FNV-1a with MurmurHash3's final mix, unsigned. */
function hash(first: string, second: string, seed: number): number {
  let value = seed | 0;
  for (let i = 0; i < first.length; i++) value = Math.imul(value ^ first.charCodeAt(i), 0x01000193);
  for (let i = 0; i < second.length; i++) value = Math.imul(value ^ second.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
