import type {
  V1Status as Status,
  V1StatusCause as Cause,
  V1StatusDetails as StatusDetails,
} from '@kubernetes/client-node';

/** The reasons of a Kubernetes Status that this API server gives, with the HTTP status each goes with. */
const reasons = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
  InsufficientStorage: 507,
} as const;

export type Reason = keyof typeof reasons;

/** What a resource is called in messages: `deployments.apps`. */
export interface ResourceName {
  group: string;
  plural: string;
}

const statusType = { kind: 'Status', apiVersion: 'v1', metadata: {} };

/** A request the API server answers with a Status of status Failure. */
export class ApiError extends Error {
  readonly code: Reason;
  /** HTTP status. */
  readonly status: number;
  readonly details: StatusDetails | undefined;

  constructor(code: Reason, message: string, details?: StatusDetails, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.code = code;
    this.status = reasons[code];
    this.details = details;
  }

  toStatus(): Status {
    const { message, code: reason, details, status: code } = this;
    return { ...statusType, status: 'Failure', message, reason, ...(details && { details }), code };
  }
}

/** What is answered where something was done that leaves no object to show. */
export function success(details?: StatusDetails): Status {
  return { ...statusType, status: 'Success', ...(details ? { details } : { code: 201 }) };
}

/** `deployments.apps`, or `pods` in the core group. */
function qualified({ group, plural }: ResourceName): string {
  return group ? `${plural}.${group}` : plural;
}

/** What a Status is about. */
export const details = (resource: ResourceName, name: string | undefined): StatusDetails => ({
  ...(name && { name }),
  ...(resource.group && { group: resource.group }),
  kind: resource.plural,
});

export function notFound(resource: ResourceName, name: string): ApiError {
  return new ApiError('NotFound', `${qualified(resource)} "${name}" not found`, details(resource, name));
}

export function alreadyExists(resource: ResourceName, name: string): ApiError {
  return new ApiError('AlreadyExists', `${qualified(resource)} "${name}" already exists`, details(resource, name));
}

export function conflict(resource: ResourceName, name: string, message: string): ApiError {
  return new ApiError(
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${message}`,
    details(resource, name),
  );
}

/** @param name absent where it is about a collection */
export function forbidden(resource: ResourceName, name: string | undefined, why: string, causes?: Cause[]): ApiError {
  const what = name ? `${qualified(resource)} "${name}"` : qualified(resource);
  const about = { ...details(resource, name), ...(causes && { causes }) };
  return new ApiError('Forbidden', `${what} is forbidden: ${why}`, about);
}

export function badRequest(message: string, options?: ErrorOptions): ApiError {
  return new ApiError('BadRequest', message, undefined, options);
}

/** The object breaks the rules of its kind; `causes` says which, at least one. */
export function invalid(kind: { group: string; kind: string }, name: string, causes: Cause[]): ApiError {
  const lines = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const list = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const qualifiedKind = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
  return new ApiError('Invalid', `${qualifiedKind} "${name}" is invalid: ${list}`, {
    ...(name && { name }),
    ...(kind.group && { group: kind.group }),
    ...(kind.kind && { kind: kind.kind }),
    causes,
  });
}
