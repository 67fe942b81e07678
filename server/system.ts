import type { Frame, Load } from './contract/frame.ts';
import type { Guide, LabEvent, LabRun, LabSummary } from './contract/lab.ts';
import type { Ledger } from './contract/ledger.ts';
import type { LogAgents } from './contract/logs.ts';
import type { Commit, Drift, Pattern, PatternChange, PolicyCheck, Sync } from './contract/patterns.ts';
import type { GitRemote } from './desired-state/push/git-remote.ts';
import type { ClusterView, CustomerView, Topology } from './contract/topology.ts';
import type { Faults } from './faults/faults.ts';
import type { History } from './history/history.ts';
import type { ScopeTelemetry } from './telemetry/scope-telemetry.ts';
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

/** What each participant's way through the labs offers to the API. Everything throws CodedError. */
export interface Labs {
  list(): LabSummary[];
  /** Their run that is under way; null before one is started. Asking says that they are here. */
  current(participant: string): LabRun | null;
  start(participant: string, lab: string): Promise<LabRun>;
  run(participant: string, lab: string): LabRun;
  step(participant: string, lab: string, index: number): Promise<LabRun>;
  predict(participant: string, lab: string, option: string): Promise<LabRun>;
  answer(participant: string, lab: string, question: string, answer: string): Promise<LabRun>;
  hint(participant: string, lab: string): Promise<LabRun>;
  showMe(participant: string, lab: string): Promise<LabRun>;
  resetStep(participant: string, lab: string): Promise<LabRun>;
  record(participant: string, lab: string, event: LabEvent): Promise<LabRun>;
  /** It has a page. */
  has(lab: string): boolean;
  guide(lab: string): Guide;
  /** What the checks of their step look at, by the key of the fact. */
  asked(participant: string, lab: string): Record<string, number | string | boolean | null>;
  /** Tells everybody else that the participant changed the shop: "set the load to 60". Null is somebody without a page. */
  changed(participant: string | null, what: string): void;
}

/** Everything behind the HTTP API. */
export interface System {
  /** Of the scope that this lab is about. */
  readonly telemetry: ScopeTelemetry;
  /** All that something was measured in. */
  readonly scopes: Pick<Telemetry, 'find' | 'scopes'>;
  readonly faults: Faults;
  readonly patterns: {
    list(): Pattern[];
    changes(): readonly PatternChange[];
    select(pattern: string, option: string): Promise<PatternChange>;
    /** The whole set as one commit and one rolling update; patterns not named go to their default. */
    selectAll(selections: Record<string, string>, reason: string): Promise<PatternChange[]>;
    preview(pattern: string, option: string): Promise<string>;
    /** The latest commits, whoever made them; the latest first. */
    commits(): readonly Commit[];
    /** What others had changed in the cluster, and was changed back; the latest first. */
    drifts(): readonly Drift[];
    /** Takes back what a commit has changed, by a commit of its own. */
    revert(commit: string): Promise<Commit>;
    /** Why the cluster does not have what the repository says; null when it has. */
    problem(): string | null;
    /** What commits are held to. */
    policyCheck(): PolicyCheck;
    /** What state is held, and every object of it with how far it is. */
    sync(): Sync;
    /** The whole desired state as YAML, without the values of Secrets. */
    manifests(): string;
  };
  /** The desired state as a git remote. */
  readonly git: Pick<GitRemote, 'answer'>;
  readonly load: { view(): Load; set(rate: number): Promise<Load>; keep(rate: number): void };
  readonly ledger: {
    /** What there is in the databases. */
    total(): Ledger | null;
    /** How long after they were made 95 % of the orders were paid that were paid in the last 5 s, in ms; null without any. */
    paidAfter(): number | null;
  };
  readonly logAgents: { read(): Promise<LogAgents> };
  readonly labs: Labs;
  /** What the shop was like in the last 15 minutes. */
  readonly history: Pick<History, 'at' | 'view'>;
  cluster(): ClusterView;
  topology(): Topology;
  customer(): CustomerView;
  events(): ClusterEvent[];
  /** Everything that a page of the participant shows; with the signals of the last 15 minutes. */
  frame(participant: string): Frame;
}

/** The system, once it is composed. Throws CodedError `starting` until then. */
export type SystemDoor = () => System;
