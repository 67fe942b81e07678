import type { ActiveFault } from './faults.ts';
import type { LabRun } from './lab.ts';
import type { Ledger } from './ledger.ts';
import type { Pattern, PatternChange } from './patterns.ts';
import type { Mark, SignalId, SignalPoint } from './signals.ts';
import type { ClusterView, CustomerView, Topology } from './topology.ts';

export interface Load {
  /** Requests per second asked for. */
  rate: number;
  max: number;
  /** Requests per second sent in the last whole second, and journeys given up unsent because too many were open. */
  sent: number;
  dropped: number;
  /** Only in the answer to a new rate: why the load generators do not all have it yet. They are told until they do. */
  pending?: string | undefined;
}

/**
 * The state of the whole system, as pages see it. On connecting a page gets all of it; then, four times a second,
 * only the members that changed.
 */
export interface Frame {
  /** Unix time in ms, of the server's clock. */
  time: number;
  cluster: ClusterView;
  topology: Topology;
  customer: CustomerView;
  /** The seconds that are new or changed since the last frame; a page merges them by `t`. */
  signals: Record<SignalId, SignalPoint[]>;
  marks: Mark[];
  faults: ActiveFault[];
  /** New faults are refused since "stop all". */
  faultsBlocked: boolean;
  patterns: Pattern[];
  /** Why the cluster does not have what the desired state's repository says; null when it has. */
  desiredProblem: string | null;
  lastChange: PatternChange | null;
  ledger: Ledger | null;
  load: Load;
  lab: LabRun | null;
}

/** socket.io events, server to page. */
export interface ServerEvents {
  /** Sent on connecting, with the last 15 minutes of signals. */
  snapshot: (frame: Frame) => void;
  frame: (change: Partial<Frame> & { time: number }) => void;
}
