import type { ProcessEffect } from '../../../faults/drivers/driver.ts';
import type { Reading } from '../../../faults/evidence.ts';
import type { Container, Pod } from '../../kinds/types.ts';
import type { ProcessTable } from '../process-table.ts';
import type { ContainerResources } from '../resources/container-resources.ts';
import type { ProbeName } from '../pod-worker/records.ts';
import type { ProbeOutcome } from '../probe-check.ts';

/** A container of a pod while its program runs. */
export interface FaultedContainer {
  pod: Pod;
  container: Container;
  pid: number;
  /** Aborts when the program has ended. */
  ended: AbortSignal;
  /** Its program is not of Node: it does not see the preloads. */
  isNative: boolean;
  /** Puts lines into its log, as if it had printed them. */
  print(lines: string): void;
}

/** What an effect on one pod works with. */
export interface EffectHost {
  pod: Pod;
  /** BREAKWATER_HOME, absolute. */
  home: string;
  processes: ProcessTable;
  resources: Pick<ContainerResources, 'join'>;
  /** What is left of its lease now, in ms. */
  remainingMs(): number;
  /** What it has done to this pod; `counter` tells several of them apart. */
  tell(counts: Partial<Omit<Reading, 'counter' | 'pods'>>, counter?: string): void;
}

/** A fault at work on one pod. */
export interface Effect {
  /**
   * A container runs: since before the fault began, or (`isNew`) it has just been started.
   *
   * @throws Error why it cannot act on it
   */
  onContainer?(container: FaultedContainer, isNew: boolean): void | Promise<void>;
  /** A container has ended; the reason is that of its status. */
  onExit?(container: FaultedContainer, reason: string): void;
  /** What a probe has come to, as the kubelet is to see it. */
  judge?(probe: ProbeName, outcome: ProbeOutcome): ProbeOutcome;
  /** Resolves once nothing of it is left. Also called when it had failed to begin. */
  end(): Promise<void>;
}

export type StartEffect<T extends ProcessEffect = never> = (effect: T, host: EffectHost) => Effect;
