import type { SignalId, SignalPoint } from '../../server/contract/signals.ts';

/** One line of a chart. */
export interface Line {
  name: string;
  /** A colour token, such as `--act`. */
  colour: string;
  value: (point: SignalPoint) => number | null;
  /** Wash the area under it. */
  filled?: boolean;
  /** So that lines of one chart differ by more than colour. */
  dash?: string;
}

/** One chart of the dock: a file in charts/ and a line in charts/index.ts. */
export interface ChartDefinition {
  id: string;
  title: string;
  unit: string;
  /** Which series it draws. */
  signal: SignalId;
  /** The value written large: the latest whole second's. */
  headline: (point: SignalPoint) => number | null;
  /** Drawn in this order, the last on top. */
  lines: Line[];
  /** The axis reaches at least this far, so that noise on a quiet system does not look like an event. */
  atLeast: number;
}
