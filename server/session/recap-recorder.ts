import type { RecapDefinition } from '../../labs/engine/lab.ts';
import { Unmeasured, type Expression } from '../../labs/engine/expression.ts';
import type { Facts, FactValue } from '../../labs/engine/vocabulary.ts';
import type { Recap, RecapRow } from '../contract/lab.ts';
import type { RunRecord } from './run-record.ts';
import type { Measurements } from './measurements.ts';

/** After a change the system needs this long until it shows what it has become. */
const SETTLE_MS = 5000;
/** A row is the end of its phase: queues of the phase before have drained by then, and all rows are as long as each other. */
const ROW_MS = 30_000;
/** As long as a run is short there is one a second; a long run's past gets coarser. */
const MAX_CHART_POINTS = 1800;

interface RowState {
  /** Since when its condition has held without a break, Unix time in ms; null while it does not. */
  since: number | null;
  /** What it has is of a phase so short that nothing settled in it: any that settled is better. */
  hasty: boolean;
  best: Omit<RecapRow, 'figures'>;
  /** Of each figure the largest while its condition held; null before the first. */
  most: (number | null)[];
}

/** Measures a run while it happens: telemetry forgets after 15 minutes, the recap must not. */
export class RecapRecorder {
  readonly #definition: RecapDefinition;
  readonly #measurements: Measurements;
  readonly #rows: RowState[];
  #chart: Recap['chart'];
  readonly #moments: (Recap['moments'][number] | null)[];
  /** Of its first tick, Unix time in ms; what is told before all has settled is of the shop as it was before the run. */
  #begunAt: number | null = null;
  /** End of the last second taken in, Unix time in ms. */
  #until: number;

  /** @param recap of the same run before a restart; what was not measured meanwhile stays a gap, and ends a row's time */
  constructor(definition: RecapDefinition, measurements: Measurements, recap?: RunRecord['recap']) {
    this.#definition = definition;
    this.#measurements = measurements;
    this.#chart = recap?.chart ?? [];
    this.#rows = definition.rows.map(({ name }) => {
      const known = recap?.rows.find((row) => row.name === name);
      const most = definition.figures.map((_figure, i) => known?.figures[i] ?? null);
      return { since: null, hasty: false, best: known ?? emptyRow(name), most };
    });
    this.#moments = definition.moments.map(
      ({ label }) => recap?.moments.find((moment) => moment.label === label) ?? null,
    );
    this.#until = measurements.until();
  }

  tick(facts: Facts, now: number): void {
    const until = this.#measurements.until();
    const { rows, moments } = this.#definition;
    this.#begunAt ??= now;
    const settled = now - this.#begunAt >= SETTLE_MS;
    for (const [i, { name, when }] of rows.entries()) {
      const row = this.#rows[i]!;
      if (!holds(when, facts)) row.since = null;
      else {
        row.since ??= now;
        if (settled)
          row.most = this.#definition.figures.map(({ most }, j) => larger(row.most[j] ?? null, valueOf(most, facts)));
        if (until > this.#until) this.#measure(row, name, until);
      }
    }
    for (const [i, { label, when }] of moments.entries()) {
      if (!this.#moments[i] && holds(when, facts)) this.#moments[i] = { at: now, label };
    }
    for (; this.#until < until; this.#until += 1000) this.#plot(this.#until);
  }

  /** In place of `tick` while nothing is to be measured any more. */
  rest(): void {
    for (const row of this.#rows) row.since = null;
    this.#until = this.#measurements.until();
  }

  view(): Recap {
    const moments = this.#moments.filter((moment) => moment !== null).sort((a, b) => a.at - b.at);
    const figures = this.#definition.figures.map(({ title, unit }) => ({ title, unit }));
    const rows = this.#rows.map(({ best, most }) => ({ ...best, figures: most }));
    return { rows, figures, chart: this.#chart, moments };
  }

  #measure(row: RowState, name: string, until: number): void {
    const settled = Math.ceil((row.since! + SETTLE_MS) / 1000) * 1000;
    const hasty = until <= settled;
    const from = hasty ? Math.ceil(row.since! / 1000) * 1000 : Math.max(settled, until - ROW_MS);
    const seconds = (until - from) / 1000;
    const better = row.hasty === hasty ? seconds >= row.best.seconds : row.hasty || row.best.seconds === 0;
    if (!better || seconds <= 0) return;
    row.hasty = hasty;
    const { latency, orders } = this.#definition;
    const { p50, p95 } = this.#measurements.between(from, until, latency);
    const { count, errors } = this.#measurements.between(from, until, orders);
    row.best = {
      name,
      p50,
      p95,
      errorRatio: count > 0 ? errors / count : null,
      goodput: (count - errors) / seconds,
      ordersLost: errors,
      seconds,
    };
  }

  #plot(from: number): void {
    const { latency, orders } = this.#definition;
    const { p95 } = this.#measurements.between(from, from + 1000, latency);
    const { count, errors } = this.#measurements.between(from, from + 1000, orders);
    this.#chart.push({ t: from / 1000, p95, errorRatio: count > 0 ? errors / count : 0 });
    if (this.#chart.length > MAX_CHART_POINTS) this.#chart = this.#chart.filter((_point, i) => i % 2 === 0);
  }
}

/** What is not measured does not hold. */
function holds(condition: Expression, facts: Facts): boolean {
  return valueOf(condition, facts) === true;
}

function valueOf(expression: Expression, facts: Facts): FactValue | null {
  try {
    return expression.value(facts);
  } catch (error) {
    if (error instanceof Unmeasured) return null;
    throw error;
  }
}

function larger(before: number | null, now: FactValue | null): number | null {
  if (typeof now !== 'number' || !Number.isFinite(now)) return before;
  return Math.max(before ?? now, now);
}

function emptyRow(name: string): RowState['best'] {
  return { name, p50: null, p95: null, errorRatio: null, goodput: null, ordersLost: 0, seconds: 0 };
}
