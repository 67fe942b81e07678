import type { HttpClient } from '../../../service/http-client.ts';
import type { Log } from '../../../service/log.ts';
import { circuitBreaker } from './breaker.ts';
import { chargeFailure } from './charge-failure.ts';
import { chargeOnce, type Charge } from './charge.ts';
import { retrying } from './retries.ts';
import type { BankSettings } from './settings.ts';

/**
 * Charges at the bank, with the patterns that are switched on:
 *
 *   retries ( breaker ( timeout ( one HTTP call, with idempotency key ) ) )
 *
 * The breaker is inside the retries and counts each attempt. The other way round it would judge the bank by what is left
 * after the repeats: a bank that fails 6 of 10 calls looks 87 % healthy behind three of them, and the breaker would stay
 * closed while the repeats multiply the load. Inside, an open breaker also ends the repeats.
 *
 * @returns the bank's id of the charge.
 * @throws Failure 502 `bank-failed`, 504 `bank-timeout`, 503 `bank-circuit-open`.
 */
export function bankClient(http: HttpClient, url: string, settings: BankSettings, log: Log) {
  const attempt = chargeOnce(http, url, settings);
  const guarded = settings.breaker ? circuitBreaker('payments>bank', attempt, settings.breaker, log) : attempt;
  const repeated = retrying(settings.retries, guarded);
  return async (charge: Charge): Promise<string> => {
    try {
      return await repeated(charge);
    } catch (error) {
      throw chargeFailure(error);
    }
  };
}
