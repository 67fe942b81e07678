import type { Frame, Load } from './contract/frame.ts';
import type { LabEvent, LabRun, LabSummary } from './contract/lab.ts';
import type { Ledger } from './contract/ledger.ts';
import type { Pattern, PatternChange } from './contract/patterns.ts';
import type { ClusterView, CustomerView, Topology } from './contract/topology.ts';
import type { Leases } from './faults/leases.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** A line of `kubectl get events`. */
export interface ClusterEvent {
  /** Unix time in ms of the last time it happened. */
  at: number;
  type: string;
  reason: string;
  /** `Pod/payments-6d8f-abcde`. */
  object: string;
  message: string;
  count: number;
}

/** What the learner's way through the labs offers to the API. Everything throws CodedError. */
export interface Labs {
  list(): LabSummary[];
  /** The run under way; null before one is started. */
  current(): LabRun | null;
  start(lab: string): Promise<LabRun>;
  run(lab: string): LabRun;
  step(lab: string, index: number): Promise<LabRun>;
  predict(lab: string, option: string): Promise<LabRun>;
  hint(lab: string): Promise<LabRun>;
  showMe(lab: string): Promise<LabRun>;
  resetStep(lab: string): Promise<LabRun>;
  record(lab: string, event: LabEvent): Promise<LabRun>;
}

/** Everything behind the HTTP API. */
export interface System {
  readonly telemetry: Telemetry;
  readonly faults: Leases;
  readonly patterns: {
    list(): Pattern[];
    changes(): readonly PatternChange[];
    select(pattern: string, option: string): Promise<PatternChange>;
    /** The whole set as one commit and one rolling update; patterns not named go to their first option. */
    selectAll(selections: Record<string, string>, reason: string): Promise<PatternChange[]>;
    preview(pattern: string, option: string): Promise<string>;
    /** Why the cluster does not have what the repository says; null when it has. */
    problem(): string | null;
    /** The whole desired state as YAML, without the values of Secrets. */
    manifests(): string;
  };
  readonly load: { view(): Load; set(rate: number): Promise<Load>; keep(rate: number): void };
  readonly ledger: {
    /** What the learner's run has brought. */
    current(): Ledger | null;
    /** What there is in the databases. */
    total(): Ledger | null;
  };
  readonly labs: Labs;
  cluster(): ClusterView;
  topology(): Topology;
  customer(): CustomerView;
  events(): ClusterEvent[];
  /** Everything a page shows; with the signals of the last 15 minutes. */
  frame(): Frame;
}

/** The system, once it is composed. Throws CodedError `starting` until then. */
export type SystemDoor = () => System;
