/** A connection to a pod that could not be made; `code` is the name of the errno, as node:net has it. */
export class PodConnectError extends Error {
  readonly code: string;
  readonly syscall = 'connect';
  constructor(code: string, where: string, cause?: Error) {
    super(`connect ${code} ${where}`, { cause });
    this.name = 'PodConnectError';
    this.code = code;
  }
}

export class UnknownPodError extends Error {
  readonly code = 'UnknownPod';
  constructor(uid: string) {
    super(`pod ${uid} is not on the network: attach it first`);
    this.name = 'UnknownPodError';
  }
}

export class DataPlaneDiedError extends Error {
  readonly code = 'DataPlaneDied';
  constructor(how: string, cause?: Error) {
    super(`the data plane of the pod network died (${how}); it is started again, open connections were cut`, { cause });
    this.name = 'DataPlaneDiedError';
  }
}

export class NetworkClosedError extends Error {
  readonly code = 'NetworkClosed';
  constructor() {
    super('the pod network is closed: start it again before using it');
    this.name = 'NetworkClosedError';
  }
}
