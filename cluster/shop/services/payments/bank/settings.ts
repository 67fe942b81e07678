import type { Environment } from '../../../service/environment.ts';
import { retryOptions, type RetryOption } from './retries.ts';

/** The patterns on payments > bank. Each is a variable, so that switching one is a change of configuration. */
export interface BankSettings {
  /** 0: wait for as long as it takes. */
  timeoutMs: number;
  retries: RetryOption;
  breaker: BreakerSettings | undefined;
  idempotencyKeys: boolean;
}

export interface BreakerSettings {
  /** Opens when more than this percentage of the calls in the window failed. */
  thresholdPercent: number;
  windowMs: number;
  /** Fewer calls than this in the window say nothing. */
  volume: number;
  /** How long it stays open before it lets a probe through. */
  resetMs: number;
}

export function bankSettings(environment: Environment): BankSettings {
  const { integer } = environment;
  return {
    timeoutMs: integer('BANK_TIMEOUT_MS', { min: 0, max: 60_000, fallback: 0 }),
    retries: environment.oneOf('BANK_RETRIES', retryOptions, 'none'),
    breaker:
      environment.oneOf('BANK_BREAKER', ['off', 'library'] as const, 'off') === 'off'
        ? undefined
        : {
            thresholdPercent: integer('BANK_BREAKER_THRESHOLD', { min: 1, max: 100, fallback: 50 }),
            windowMs: integer('BANK_BREAKER_WINDOW_MS', { min: 100, max: 600_000, fallback: 10_000 }),
            volume: integer('BANK_BREAKER_VOLUME', { min: 1, max: 10_000, fallback: 10 }),
            resetMs: integer('BANK_BREAKER_RESET_MS', { min: 100, max: 600_000, fallback: 15_000 }),
          },
    idempotencyKeys: environment.flag('IDEMPOTENCY_KEYS', false),
  };
}
