import type { Probe } from './probe-check.ts';
import { sleep } from './sleep.ts';

export interface ProbeReport {
  /** Has passed successThreshold times in a row. */
  onPass(): void;
  /** A failure that counts; `final` when failureThreshold in a row is reached. */
  onFail(error: Error, final: boolean): void;
}

/** Until the first success a probe looks this often, so that a start is noticed at once. */
const eagerMs = 100;

/**
 * Probes until aborted. Before the first success it looks every 100 ms, but counts at most one failure a period, so that
 * the thresholds keep their meaning in seconds.
 */
export async function runProbe(
  probe: Probe,
  check: () => Promise<void>,
  report: ProbeReport,
  signal: AbortSignal,
): Promise<void> {
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  let successes = 0;
  let failures = 0;
  let everPassed = false;
  await sleep((probe.initialDelaySeconds ?? 0) * 1000, signal);
  let countFrom = Date.now() + periodMs;
  while (!signal.aborted) {
    let failure: Error | null = null;
    try {
      await check();
    } catch (error) {
      failure = error as Error;
    }
    if (signal.aborted) return;
    if (!failure) {
      everPassed = true;
      failures = 0;
      successes += 1;
      if (successes >= (probe.successThreshold ?? 1)) report.onPass();
    } else {
      successes = 0;
      if (everPassed || Date.now() >= countFrom) {
        countFrom += periodMs;
        failures += 1;
        report.onFail(failure, failures >= (probe.failureThreshold ?? 3));
      }
    }
    await sleep(everPassed ? periodMs : Math.min(eagerMs, periodMs), signal);
  }
}
