/** A failure the caller is to know about. Anything else that is thrown is answered 500 without its details. */
export class Failure extends Error {
  /** HTTP status of the answer. */
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 429 | 500 | 502 | 503 | 504;
  /** Stable, in kebab case. */
  readonly code: string;
  /** Seconds after which it is worth asking again: the answer's `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(
    status: Failure['status'],
    code: string,
    message: string,
    options: ErrorOptions & { retryAfter?: number } = {},
  ) {
    super(message, options);
    this.name = 'Failure';
    this.status = status;
    this.code = code;
    this.retryAfter = options.retryAfter;
  }
}

/** The body of every answer that is not a success. */
export interface FailureBody {
  error: { code: string; message: string; correlationId?: string };
}
