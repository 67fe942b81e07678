import { errorKinds, type ErrorCode } from './contract/errors.ts';

/** An error that a request is answered with. The message says what happened, and where, in one sentence. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly action: string;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; action?: string } = {}) {
    super(message, { cause: options.cause });
    this.name = 'CodedError';
    this.code = code;
    this.status = errorKinds[code].status;
    this.action = options.action ?? errorKinds[code].action;
  }
}
