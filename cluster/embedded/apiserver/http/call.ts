import type { IncomingMessage, ServerResponse } from 'node:http';
import { badRequest, invalid } from '../api-error.ts';
import type { Resource } from '../registry/resource.ts';

/** As FieldManagerMaxLength upstream. */
const MANAGER_LIMIT = 128;

/** One request about a resource. */
export interface Call {
  req: IncomingMessage;
  res: ServerResponse;
  query: URLSearchParams;
  resource: Resource;
  namespace: string | undefined;
  name: string | undefined;
  /** Go into the answer's Warning headers. */
  warnings: string[];
}

/** Whether the query asks for a trial only; throws ApiError BadRequest for anything but `All`. */
export function isDryRun(query: URLSearchParams): boolean {
  const values = query.getAll('dryRun').filter(Boolean);
  const wrong = values.find((value) => value !== 'All');
  if (wrong) throw badRequest(`dryRun is "${wrong}"; it can only be All`);
  return values.length > 0;
}

/** Whose write this is: the query's fieldManager, else the program in User-Agent. Throws ApiError Invalid when it is too long. */
export function fieldManager({ query, req }: Pick<Call, 'query' | 'req'>): string {
  const asked = query.get('fieldManager');
  if (asked && asked.length > MANAGER_LIMIT) {
    const message = `Too long: may not be more than ${MANAGER_LIMIT} bytes`;
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      { reason: 'FieldValueTooLong', field: 'fieldManager', message },
    ]);
  }
  const program = req.headers['user-agent']?.split('/')[0]?.slice(0, MANAGER_LIMIT);
  return asked || program || 'unknown';
}

/** A query parameter that is true or false; throws ApiError BadRequest for anything else. */
export function flag(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (value === '' || value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw badRequest(`${name} is "${value}"; it can be true or false`);
}

/** A query parameter that is a whole number, not negative; throws ApiError BadRequest for anything else. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (/^\d{1,16}$/.test(value)) return Number(value);
  throw badRequest(`${name} is "${value}"; it has to be a whole number`);
}
