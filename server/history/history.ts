import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { History as HistoryView } from '../contract/history.ts';
import type { Changes, Member } from '../contract/stream.ts';
import { CodedError } from '../errors.ts';
import type { State } from '../stream/entities.ts';
import { EntityLog } from '../stream/entity-log.ts';

/** Members of the state that are kept: what the drawing of the shop and the ledger's strip show. */
const kept = ['topology', 'faults', 'load', 'ledger'] as const satisfies Member[];
export type KeptState = Pick<Required<State>, (typeof kept)[number]>;

const everyMs = 1_000;

export interface HistoryOptions {
  /** The state as it is now. */
  state: () => KeptState;
  onProblem: (error: unknown) => void;
  maxSeconds?: number;
  maxBytes?: number;
  /** Unix time in ms. */
  clock?: () => number;
}

interface Moment {
  at: number;
  packed: Uint8Array;
}

/**
 * What the shop was like, one moment a second, each on its own and compressed: about 3 kB of the shop that is shipped. Bounded
 * in seconds and in bytes; beyond either the oldest are dropped.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #maxSeconds: number;
  readonly #maxBytes: number;
  readonly #clock: () => number;
  readonly #log = new EntityLog();
  readonly #moments: Moment[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HistoryOptions) {
    this.#options = options;
    ({ maxSeconds: this.#maxSeconds = 15 * 60, maxBytes: this.#maxBytes = 8 * 1024 * 1024 } = options);
    this.#clock = options.clock ?? Date.now;
  }

  run(): void {
    this.#timer ??= setInterval(() => {
      try {
        this.record();
      } catch (error) {
        this.#options.onProblem(error);
      }
    }, everyMs);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Keeps the state as it is now. */
  record(): void {
    this.#log.update(this.#options.state());
    const at = this.#clock();
    const whole: Changes = { time: at, number: this.#log.number, whole: true, ...this.#log.since(0, kept) };
    // A copy of its own size: what zlib answers is a view into a piece of 16 kB, and would keep all of it.
    const packed = new Uint8Array(deflateRawSync(JSON.stringify(whole)));
    this.#moments.push({ at, packed });
    this.#bytes += packed.buffer.byteLength;
    while (this.#moments[0] && (this.#moments[0].at <= at - this.#maxSeconds * 1000 || this.#bytes > this.#maxBytes))
      this.#bytes -= this.#moments.shift()!.packed.buffer.byteLength;
  }

  /**
   * The last moment kept up to `time` (Unix time in ms), or the first of all, as the stream would begin with it; its own `time` says
   * which. Throws CodedError `starting` while nothing is kept.
   */
  at(time: number): Changes {
    const moment = this.#moments.findLast(({ at }) => at <= time) ?? this.#moments[0];
    if (!moment) throw new CodedError('starting', 'Nothing of the past is kept yet.');
    return JSON.parse(inflateRawSync(moment.packed).toString()) as Changes;
  }

  view(): HistoryView {
    return {
      ...{ from: this.#moments[0]?.at ?? null, to: this.#moments.at(-1)?.at ?? null },
      ...{ moments: this.#moments.length, bytes: this.#bytes },
      ...{ maxSeconds: this.#maxSeconds, maxBytes: this.#maxBytes },
    };
  }
}
