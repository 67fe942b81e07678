import type { Container } from '../../kinds/types.ts';
import type { ProbeRecord } from './records.ts';

type Probe = NonNullable<Container['readinessProbe']>;

/** Until its first success a probe looks this often, so that a start is noticed at once. A real kubelet waits for the period. */
const eagerMs = 100;

const periodOf = (probe: Probe) => (probe.periodSeconds ?? 10) * 1000;

/**
 * A probe of a container that has just been started. A real kubelet looks once a period, at a time of its own: its first look is
 * anywhere in the first period. Here the looks that count are at the end of each period, so a program has all of the first one.
 *
 * @param startedAt when the container was
 * @param from when it may look, for one that had to wait for the startup probe
 */
export function newProbe(probe: Probe, startedAt: number, from = startedAt): ProbeRecord {
  const base = Math.max(startedAt + (probe.initialDelaySeconds ?? 0) * 1000, from);
  return {
    ...{ base, nextAt: base, countsFrom: base + periodOf(probe), isLooking: false },
    ...{ hasPassed: false, last: null, inARow: 0, result: null },
  };
}

/** It looks now. The next look is at the next period; one that is past by the time this one is over follows at once, as with a ticker. */
export function beginLook(record: ProbeRecord, probe: Probe, now: number): void {
  record.isLooking = true;
  const period = periodOf(probe);
  record.nextAt = record.hasPassed ? nextTick(record.base, period, now) : now + Math.min(eagerMs, period);
}

/**
 * What a look has found. Returns whether it counts: of the failures before the first success, one in each period does.
 */
export function endLook(record: ProbeRecord, probe: Probe, isWell: boolean, now: number): boolean {
  record.isLooking = false;
  const period = periodOf(probe);
  if (!isWell && !record.hasPassed) {
    if (now < record.countsFrom) return false;
    record.countsFrom = nextTick(record.base, period, now);
  }
  if (isWell && !record.hasPassed) {
    record.hasPassed = true;
    record.nextAt = nextTick(record.base, period, now);
  }
  record.inARow = record.last === isWell ? record.inARow + 1 : 1;
  record.last = isWell;
  const enough = isWell ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  if (record.inARow >= enough) record.result = isWell;
  return true;
}

function nextTick(base: number, period: number, now: number): number {
  return base + (Math.floor((now - base) / period) + 1) * period;
}
