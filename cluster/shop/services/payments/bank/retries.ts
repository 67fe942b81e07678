import { setTimeout as delay } from 'node:timers/promises';
import { BankRefused, type Attempt, type Charge } from './charge.ts';
import { CircuitOpen } from './circuit-open.ts';

export const retryOptions = ['none', 'naive', 'backoff'] as const;
export type RetryOption = (typeof retryOptions)[number];

const repeats = 3;
const backoff = { baseMs: 100, capMs: 2_000 };

/** Ms to wait before the nth repeat (1 to 3), per option. */
const waits: Record<RetryOption, ((repeat: number) => number) | undefined> = {
  none: undefined,
  naive: () => 0,
  backoff: (repeat) => fullJitter(repeat),
};

/**
 * Exponential backoff with full jitter: anything from nothing to the doubled-up delay, so that callers who failed
 * together do not come back together (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
 */
function fullJitter(repeat: number, random: () => number = Math.random): number {
  return random() * Math.min(backoff.capMs, backoff.baseMs * 2 ** repeat);
}

/** Repeats a failed charge up to three times. */
export function retrying(option: RetryOption, attempt: Attempt): (charge: Charge) => Promise<string> {
  const wait = waits[option];
  if (!wait) return attempt;
  return async (charge) => {
    for (let resendCount = 0; ; resendCount += 1) {
      try {
        return await attempt(charge, resendCount);
      } catch (error) {
        if (resendCount === repeats || !worthRepeating(error)) throw error;
        const ms = wait(resendCount + 1);
        if (ms > 0) await delay(ms);
      }
    }
  };
}

/** A refusal of what was asked stays a refusal; an open breaker asks to be left alone. */
function worthRepeating(error: unknown): boolean {
  if (error instanceof CircuitOpen) return false;
  return !(error instanceof BankRefused) || error.status >= 500;
}
