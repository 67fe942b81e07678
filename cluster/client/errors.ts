/** Something between us and the cluster went wrong. `code` is stable and in kebab case. */
export class ClusterError extends Error {
  readonly code: string;
  /** HTTP status of the API server's answer; null where it gave none. */
  readonly status: number | null;
  /** What it said itself; null where it gave no answer. */
  readonly reason: string | null;

  constructor(code: string, message: string, options: { cause?: unknown; status?: number; reason?: string } = {}) {
    super(message, { cause: options.cause });
    this.name = 'ClusterError';
    this.code = code;
    this.status = options.status ?? null;
    this.reason = options.reason ?? null;
  }
}

/** The API server could not be reached, or went away in the middle of an answer. Worth another try. */
export function unreachable(server: URL, cause: unknown): ClusterError {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new ClusterError(
    'cluster-unreachable',
    `The cluster at ${server.origin} does not answer (${reason}); it is tried again by itself.`,
    { cause },
  );
}

/** The API server answered, and refused. `body` is the answer, a Status object when all is well. */
export function refused(request: string, status: number, body: string): ClusterError {
  let reason = body.slice(0, 300);
  try {
    reason = (JSON.parse(body) as { message?: string }).message ?? reason;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error; // not a Status: the text itself is the reason
  }
  return new ClusterError('cluster-refused', `The cluster refused ${request}: ${status} ${reason}`, { status, reason });
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ClusterError && error.status === 404;
}
