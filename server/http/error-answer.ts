import { ClusterError } from '../../cluster/client/errors.ts';
import type { ErrorBody } from '../contract/errors.ts';
import { CodedError } from '../errors.ts';

/** The coded error that a caller is told of. Anything unforeseen is an `internal-error`, whose cause stays in the log. */
export function toCoded(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  if (error instanceof ClusterError) {
    const answered = error.status !== null;
    return new CodedError(answered ? 'cluster-refused' : 'cluster-unreachable', error.message, { cause: error });
  }
  return new CodedError('internal-error', 'The lab server failed at this request.', { cause: error });
}

export function errorBody({ code, message, action }: CodedError): ErrorBody {
  return { error: { code, message, action } };
}
