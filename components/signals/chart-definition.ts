import type { SignalId, SignalPoint } from '../../server/contract/signals.ts';
import type { Topology } from '../../server/contract/topology.ts';

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
  /**
   * Which series it draws: one by its id (`customer`), or one that follows what the shop is and what of it is selected, and that the title
   * is completed with. Null for none.
   */
  signal: SignalId | ((topology: Topology, selected: string) => SignalId | null);
  /** The value written large: the latest whole second's. */
  headline: (point: SignalPoint) => number | null;
  /** Drawn in this order, the last on top. */
  lines: Line[];
  /** The axis reaches at least this far, so that noise on a quiet system does not look like an event. */
  atLeast: number;
}

/** The series that a chart draws now. */
export function signalOf({ signal }: ChartDefinition, topology: Topology | null, selected: string): SignalId | null {
  if (typeof signal === 'string') return signal;
  return topology && signal(topology, selected);
}
