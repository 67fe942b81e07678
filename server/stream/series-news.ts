import type { SignalId, SignalPoint } from '../contract/signals.ts';
import type { Run } from '../contract/stream.ts';
import type { ScopeTelemetry } from '../telemetry/scope-telemetry.ts';
import { toRuns } from './columns.ts';
import type { Moment } from './page.ts';

/** Seconds of a series that a page gets at first: what a chart shows. GET /api/signals has the rest. */
const firstSeconds = 100;

/** The new seconds of series, worked out once for all pages that are equally far. */
export class SeriesNews {
  readonly #telemetry: Pick<ScopeTelemetry, 'pointsSince' | 'signals'>;
  #cursor: Moment['cursor'] = null;
  /** By the cursor that it begins at; of this round only. */
  readonly #news = new Map<Moment['cursor'], Record<SignalId, SignalPoint[]>>();

  constructor(telemetry: Pick<ScopeTelemetry, 'pointsSince' | 'signals'>) {
    this.#telemetry = telemetry;
  }

  /** Begins a round. Answers how far the series are now. */
  advance(): Moment['cursor'] {
    this.#news.clear();
    const { signals, cursor } = this.#telemetry.pointsSince(this.#cursor);
    this.#news.set(this.#cursor, signals);
    return (this.#cursor = cursor);
  }

  /** Of each series the seconds after `told`; of the fresh ones what a chart shows. */
  of(ids: SignalId[], fresh: SignalId[], told: Moment, now: Moment): Record<SignalId, Run[]> {
    const known = ids.filter((id) => !fresh.includes(id));
    const changed = known.length > 0 && told.cursor !== now.cursor ? this.#since(told.cursor) : {};
    const series = [
      ...known.map((id): [string, SignalPoint[]] => [id, Object.hasOwn(changed, id) ? changed[id]! : []]),
      ...(fresh.length > 0 ? this.#telemetry.signals(fresh, firstSeconds) : []).map(
        ({ id, points }): [string, SignalPoint[]] => [id, points],
      ),
    ];
    return Object.fromEntries(
      series.filter(([, points]) => points.length > 0).map(([id, points]) => [id, toRuns(points)]),
    );
  }

  #since(cursor: Moment['cursor']): Record<SignalId, SignalPoint[]> {
    const known = this.#news.get(cursor) ?? this.#telemetry.pointsSince(cursor).signals;
    this.#news.set(cursor, known);
    return known;
  }
}
