import type { Duplex } from 'node:stream';
import type { PodNetwork } from '../../embedded/network/pod-network.ts';
import type { Api } from '../../embedded/apiserver/api.ts';
import type { Deployment, Pod } from '../../embedded/kinds/types.ts';
import type { Reading } from '../evidence.ts';
import type { FaultEdit } from '../fault-object.ts';

/** What carries faults out in one place. One file each in this folder; index.ts lists them. */
export interface DriverType {
  /** Why it cannot do `what` (see Carrier) to this pod, or to pods of this template, in words; null when it can. */
  cannotHit(pod: PodTemplate, what: unknown): string | null;
  start(surroundings: Surroundings): Driver;
}

export type PodTemplate = Pick<Pod, 'spec'> & { metadata?: Pod['metadata'] | PodMetadata };
type PodMetadata = Omit<Pod['metadata'], 'name'>;

/** It at work in a cluster. */
export interface Driver {
  /**
   * Makes a fault act on exactly these pods for what is left of its lease. Is called again whenever pods come or go (only
   * pods that are gone are missing then), and must be quick when nothing is new. Answers who could not be reached, and why: these are tried again.
   */
  carryOut(order: Order): Promise<Unreached[]>;
  /** Ends it there, also while `carryOut` is under way. Answers who did not answer. */
  undo(id: string, pods: readonly Pod[]): Promise<string[]>;
  /** Asks those who carry faults out what acts there, by id, and who did not answer. */
  acting(pods: readonly Pod[]): Promise<{ ids: string[]; silent: string[] }>;
}

export interface Order {
  /** The uid of the Fault: never used twice. */
  id: string;
  /** What to do, as the type's carrier words it. */
  what: unknown;
  pods: readonly Pod[];
  /** For an edge: the Services called, as `namespace/name`; null where the target is the pods themselves. */
  destinations: readonly string[] | null;
  /** Those whose pods are of the target, where that is a service. */
  deployments?: readonly Deployment[];
  /** The node that is the target. */
  node?: string | undefined;
  /** In ms. Who has the fault already keeps the lease it began with. */
  remainingMs: number;
}

export interface Unreached {
  pod: string;
  why: string;
  /** It will never be, so it is not tried again. */
  forGood?: boolean;
}

/** What a pod is makes it impossible to hit it, now and later. */
export class CannotHitError extends Error {
  readonly code = 'cannot-hit';
}

/** What a cluster gives its drivers to act with. */
export interface Surroundings {
  network: Pick<PodNetwork, 'setFaults' | 'actingFaults' | 'onFaultCounts'>;
  processes: PodProcesses;
  nodes: NodePower;
  /** Past all faults. */
  dial(podUid: string, port: number): Promise<Duplex>;
  /** The Kubernetes API, no more of it than every cluster has. */
  api: Pick<Api, 'get' | 'list' | 'patch' | 'evict'>;
  /** At once, without a grace period; false when it is gone already. */
  deletePod(pod: Pod): Promise<boolean>;
  /** Writes into the status of a fault what it is about to change, or has found changed. */
  note(id: string, edits: readonly FaultEdit[]): Promise<void>;
  /** A fault has done something. */
  report(id: string, reading: Reading): void;
  /** Someone who carries it out was lost: `carryOut` is due. */
  lost(id: string): void;
}

/** What is done to the processes of a pod. */
export type ProcessEffect =
  | { type: 'freeze' }
  | { type: 'slow-start'; delayMs: number }
  | { type: 'cpu-hog'; percent: number }
  | { type: 'memory-leak'; bytesPerSecond: number }
  | { type: 'failing-readiness'; percent: number }
  | { type: 'disk-full' }
  | { type: 'log-flood'; linesPerSecond: number };

/** What acts on the processes of pods: the kubelets of the embedded cluster, an agent on each node elsewhere. */
export interface PodProcesses {
  /**
   * Has it act on a pod until its lease is over, also on containers that start meanwhile; who has it already keeps the lease it began with.
   *
   * @throws CannotHitError why it never can; Error why it cannot now
   */
  begin(fault: { id: string; effect: ProcessEffect; remainingMs: number }, pod: Pod): Promise<void>;
  /** Ends it on all pods but these, by uid; resolves once nothing of it is left there. */
  end(id: string, butOn?: ReadonlySet<string>): Promise<void>;
  /** Which act now, by id. */
  acting(): Promise<string[]>;
  /** Tells what each has done. */
  onReading(listener: Surroundings['report']): void;
}

/** What takes nodes away, with all that runs there, and gives them back: the machine of the embedded cluster, kind, or a cloud elsewhere. */
export interface NodePower {
  /** Resolves once nothing runs there any more. Nobody is told: the cluster has to notice. */
  off(node: string): Promise<void>;
  /** Resolves once its kubelet is back. */
  on(node: string): Promise<void>;
}

/** How long anybody who carries out faults may take to answer, in ms: stopping everything must not wait for the dead. */
export const patienceMs = 600;
