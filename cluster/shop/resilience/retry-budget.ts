/**
 * How many repeats the calls of an edge may cause together: each call pays in a share of a repeat, each repeat takes one whole. A few
 * calls that fail are repeated; when all fail, load grows by the share and no more. Token bucket as gRPC's retry throttling
 * has it (https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs).
 */
export class RetryBudget {
  readonly #share: number;
  #tokens = RESERVE;

  /** @param percent repeats per 100 calls, 1 to 100 */
  constructor(percent: number) {
    this.#share = percent / 100;
  }

  /** A call that is no repeat has begun. */
  deposit(): void {
    this.#tokens = Math.min(RESERVE, this.#tokens + this.#share);
  }

  /** Whether a repeat may be made; it is then paid for. */
  withdraw(): boolean {
    // Shares add up with errors far below one of them.
    if (this.#tokens < 1 - 1e-9) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** What may be saved up, and what is there at the start: the bound of a burst, in repeats. */
const RESERVE = 10;
