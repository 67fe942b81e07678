import { milliseconds, percent } from '../figures.ts';
import type { CheckDefinition, LabView, Measured } from '../lab.ts';
import { BANK, CATALOG, CHECKOUT, CUSTOMER } from './signals.ts';

export const traceOpened: CheckDefinition = {
  id: 'trace-opened',
  title: 'You followed an order through the shop',
  holdSeconds: 0,
  look({ openedTraces }) {
    const holds = openedTraces.includes('POST /api/orders');
    const other = openedTraces.at(-1);
    return { holds, detail: holds ? 'opened' : other ? `that was ${other}` : 'no trace of a POST /api/orders opened' };
  },
};

export const baseline: CheckDefinition = {
  id: 'baseline',
  title: 'The shop is healthy: customers’ p95 under 150 ms, for 10 s',
  holdSeconds: 10,
  look(view) {
    const { rate, p95, errorRatio } = view.last(5, CUSTOMER);
    // Fewer requests would leave too few orders for the breaker to judge by.
    if (rate < 40) return { holds: false, detail: `${Math.round(rate)} of 60 requests per second` };
    const holds = p95 !== null && p95 < 150 && errorRatio < 0.05;
    return { holds, detail: `${milliseconds(p95)} now, ${percent(errorRatio)} errors` };
  },
};

export const customersSlow: CheckDefinition = {
  id: 'customers-slow',
  title: 'p95 for customers over 1 s',
  holdSeconds: 2,
  look(view) {
    const { p95 } = view.last(5, CUSTOMER);
    return { holds: isBankSlow(view) && p95 !== null && p95 > 1000, detail: `${milliseconds(p95)} now` };
  },
};

export const catalogSlow: CheckDefinition = {
  id: 'catalog-slow',
  title: 'The catalog, which never calls the bank, is 3 times slower for its callers',
  holdSeconds: 2,
  look(view) {
    const { p95 } = view.last(5, CATALOG);
    const before = baselineOf(view, CATALOG)?.p95 ?? null;
    const holds = isBankSlow(view) && p95 !== null && before !== null && p95 > 3 * before;
    return { holds, detail: `p95 ${milliseconds(p95)} now, ${milliseconds(before)} before` };
  },
};

export const latencyAtTimeout: CheckDefinition = {
  id: 'latency-at-timeout',
  title: 'p95 for customers falls to about the timeout: 0.4 to 1 s, for 5 s',
  holdSeconds: 5,
  look(view) {
    if (!isBankSlow(view)) return { holds: false, detail: 'the bank is well: reset the step' };
    const { p95 } = view.last(5, CUSTOMER);
    return { holds: p95 !== null && p95 >= 400 && p95 <= 1000, detail: `${milliseconds(p95)} now` };
  },
};

export const ordersFailing: CheckDefinition = {
  id: 'orders-failing',
  title: 'More than 40 % of orders fail, for 5 s',
  holdSeconds: 5,
  look(view) {
    const { errorRatio, count } = view.last(5, CHECKOUT);
    const holds = isBankSlow(view) && view.patterns['timeout'] !== 'none' && errorRatio > 0.4;
    return { holds, detail: count === 0 ? 'no orders now' : `${percent(errorRatio)} now` };
  },
};

export const breakerOpen: CheckDefinition = {
  id: 'breaker-open',
  title: 'The breaker payments → bank was seen open',
  holdSeconds: 0,
  look(view) {
    const breaker = view.breaker(BANK);
    const opened = view.breakerChanges.some(
      ({ edge, to, at }) => edge === BANK && to === 'open' && at >= view.stepOpenedAt,
    );
    if (!breaker) return { holds: opened, detail: 'there is no breaker on this edge' };
    return { holds: opened || breaker.state === 'open', detail: `${breaker.state} now` };
  },
};

export const diffRead: CheckDefinition = {
  id: 'diff-read',
  title: 'You read what the switch changed',
  holdSeconds: 0,
  look(view) {
    const holds = view.did({ type: 'diff-opened', pattern: 'circuit-breaker' });
    return { holds, detail: holds ? 'read' : 'the YAML diff is not opened yet' };
  },
};

export const catalogHealthy: CheckDefinition = {
  id: 'catalog-healthy',
  title: 'The catalog is within 1.5 times its baseline, for 10 s',
  holdSeconds: 10,
  look(view) {
    const { p95 } = view.last(5, CATALOG);
    const before = baselineOf(view, CATALOG)?.p95 ?? null;
    // Of a baseline of a few ms, half as much again is less than a busy laptop's noise.
    const limit = before === null ? null : Math.max(1.5 * before, before + 25);
    const holds = view.patterns['circuit-breaker'] !== 'off' && p95 !== null && limit !== null && p95 <= limit;
    return { holds, detail: `p95 ${milliseconds(p95)} now, limit ${milliseconds(limit)}` };
  },
};

export const ordersDrained: CheckDefinition = {
  id: 'orders-drained',
  title: 'Requests in flight at orders are under twice the baseline, for 5 s',
  holdSeconds: 5,
  look(view) {
    const { inFlight } = view.last(5, 'orders');
    const before = baselineOf(view, 'orders')?.inFlight ?? null;
    // At rest there is about one; below three, twice as many is chance.
    const limit = before === null ? null : Math.max(2 * before, 3);
    const holds = view.patterns['circuit-breaker'] !== 'off' && inFlight !== null && limit !== null && inFlight < limit;
    return { holds, detail: `${one(inFlight)} now, limit ${one(limit)}` };
  },
};

export const breakerHeals: CheckDefinition = {
  id: 'breaker-heals',
  title: 'Open, half-open, closed: the breaker heals with the bank',
  holdSeconds: 0,
  look(view) {
    if (isBankSlow(view)) return { holds: false, detail: 'the bank is still slow' };
    const state = view.breaker(BANK)?.state ?? 'no breaker';
    const holds = hasHealed(view);
    if (holds || state !== 'closed') return { holds, detail: `${state} now` };
    const opened = view.breakerChanges.findLast(({ edge, to }) => edge === BANK && to === 'open')?.at ?? 0;
    // The probe may have been while the lab server was away.
    const unseen = view.resumedAt !== null && opened < view.resumedAt;
    const why = unseen ? 'closed; the lab restarted and may have missed the probe' : 'closed, but not by a probe';
    return { holds, detail: `${why}: reset the step` };
  },
};

export const errorsBack: CheckDefinition = {
  id: 'errors-back',
  title: 'Orders fail no more than at the baseline, for 5 s',
  holdSeconds: 5,
  look(view) {
    const { errorRatio, count } = view.last(5, CHECKOUT);
    // One failure of the bank in five seconds of 100 orders is what it always does.
    const limit = (baselineOf(view, CHECKOUT)?.errorRatio ?? 0) + 0.03;
    return { holds: count > 0 && errorRatio <= limit, detail: `${percent(errorRatio)} now, limit ${percent(limit)}` };
  },
};

export const falseTrip: CheckDefinition = {
  id: 'false-trip',
  title: 'The breaker opened although the bank was well',
  holdSeconds: 0,
  look(view) {
    const trips = view.breakerChanges.filter(
      ({ edge, to, at, calm }) => edge === BANK && to === 'open' && at >= view.stepOpenedAt && calm,
    ).length;
    if (trips > 0) return { holds: true, detail: trips === 1 ? 'one false trip' : `${trips} false trips` };
    return { holds: false, detail: isBankSlow(view) ? 'a fault is active: stop it first' : 'none yet' };
  },
};

export const recapRead: CheckDefinition = {
  id: 'recap-read',
  title: 'You read the recap of your own run',
  holdSeconds: 0,
  look(view) {
    const holds = view.did({ type: 'recap-read' });
    return { holds, detail: holds ? 'read' : 'it is below' };
  },
};

export function isBankSlow(view: LabView): boolean {
  return view.faults.some(({ target }) => target === 'bank');
}

/**
 * Closed by a probe, and the bank is well. The probe may have been lucky a moment before the fault ended: four in ten calls
 * are on time, and then nothing opens the breaker again.
 */
export function hasHealed(view: LabView): boolean {
  const steps = view.breakerChanges.filter(({ edge }) => edge === BANK).map(({ to }) => to);
  const sinceOpen = steps.slice(steps.lastIndexOf('open'));
  const probed = sinceOpen[0] === 'open' && sinceOpen.includes('half-open') && sinceOpen.includes('closed');
  return probed && !isBankSlow(view) && view.breaker(BANK)?.state === 'closed';
}

function baselineOf(view: LabView, id: string): Measured | null {
  return view.baseline?.[id] ?? null;
}

function one(value: number | null): string {
  return value === null ? '–' : value.toFixed(1);
}
