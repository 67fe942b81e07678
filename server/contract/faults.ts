export interface FaultParameter {
  name: string;
  label: string;
  unit: string;
  min: number;
  max: number;
  default: number;
}

export interface FaultKind {
  /** `bank-slow`, `bank-failing`, `edge-latency`, `pod-kill`. */
  id: string;
  title: string;
  category: 'dependency' | 'network' | 'process';
  summary: string;
  targetKind: 'service' | 'edge' | 'pod';
  /** What it can act on now: service names, edge ids, pod names. */
  targets: string[];
  parameters: FaultParameter[];
  /** Lease in seconds. A momentary fault has a default of 0. */
  duration: { default: number; max: number };
}

/** What the page sends to start one. */
export interface FaultRequest {
  kind: string;
  target: string;
  parameters?: Record<string, number>;
  /** Lease in seconds. */
  duration?: number;
}

export interface FaultEvidence {
  /** Calls held back, failed. */
  delayed: number;
  failed: number;
  /** Pods it has hit. */
  pods: string[];
}

export interface ActiveFault {
  id: string;
  kind: string;
  title: string;
  target: string;
  parameters: Record<string, number>;
  /** Unix time in ms. */
  startedAt: number;
  endsAt: number;
  state: 'active' | 'ended';
  /** How it ended. */
  endedBy: 'lease' | 'stop' | null;
  evidence: FaultEvidence;
}

/** Answer of "stop all": proof that nothing is left. */
export interface StopAllResult {
  stopped: string[];
  /**
   * What is still acting in the cluster, by its own word, and who did not answer (`bank-1 (no answer)`); empty is the
   * proof.
   */
  remaining: string[];
  /** New faults are refused until released, also after a restart. */
  blocked: boolean;
}
