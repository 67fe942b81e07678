/** A container as its status tells it; exactly one state at a time. */
export type ContainerState =
  { kind: 'waiting'; reason: string; message?: string } | { kind: 'running'; startedAt: Date } | Terminated;

export interface Terminated {
  kind: 'terminated';
  exitCode: number;
  /** `Completed`, `Error`, `OOMKilled` ... */
  reason: string;
  message?: string;
  startedAt: Date;
  finishedAt: Date;
  containerID: string;
}

export interface ContainerRecord {
  name: string;
  image: string;
  state: ContainerState;
  lastState: Terminated | null;
  restartCount: number;
  /** Startup probe passed, or none. */
  started: boolean;
  /** Running, started and readiness probe passed. */
  ready: boolean;
  containerID: string | null;
}

export function newRecord(name: string, image: string, reason: string): ContainerRecord {
  return {
    name,
    image,
    state: { kind: 'waiting', reason },
    lastState: null,
    restartCount: 0,
    started: false,
    ready: false,
    containerID: null,
  };
}
