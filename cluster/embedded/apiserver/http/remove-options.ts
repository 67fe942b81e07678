import { badRequest } from '../api-error.ts';
import { isObject } from '../registry/json.ts';
import type { RemoveOptions } from '../registry/stored-resource.ts';
import { readObject } from './body.ts';
import { isDryRun, optionsInvalid, wholeNumber, type ApiRequest } from './request.ts';

/** What a DELETE asks for: from its body, a DeleteOptions, and from the query. */
export async function removeOptions({ req, query, user, warnings, resource }: ApiRequest): Promise<RemoveOptions> {
  const hasBody = Number(req.headers['content-length'] ?? 0) > 0 || req.headers['transfer-encoding'] !== undefined;
  const body = hasBody ? await readObject(req, 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions') : {};
  if (body.kind !== undefined && body.kind !== 'DeleteOptions') {
    throw badRequest(`the body of a delete has to be DeleteOptions, not ${JSON.stringify(body.kind)}`);
  }
  const options = parseRemoveOptions(body, query);
  const orphans = resource.storage?.kind.orphansWith;
  if (!orphans || options.propagationPolicy) return { ...options, user };
  warnings.push(orphans);
  return { ...options, propagationPolicy: 'Orphan', user };
}

/** The options of a DeleteOptions and of the query. Throws ApiError BadRequest, Invalid. */
export function parseRemoveOptions(body: Record<string, unknown>, query: URLSearchParams): RemoveOptions {
  const grace = body.gracePeriodSeconds ?? wholeNumber(query, 'gracePeriodSeconds');
  if (grace !== undefined && grace !== null && !Number.isInteger(grace)) {
    throw badRequest(`gracePeriodSeconds is ${JSON.stringify(grace)}; it has to be a whole number of seconds`);
  }
  const asked = body.propagationPolicy ?? (query.get('propagationPolicy') || undefined);
  const refuse = (reason: string, message: string) => {
    throw optionsInvalid('delete', 'propagationPolicy', reason, message);
  };
  if (asked !== undefined && body.orphanDependents !== undefined) {
    const why = 'orphanDependents and deletionPropagation cannot be both set';
    refuse('FieldValueInvalid', `Invalid value: ${JSON.stringify(asked)}: ${why}`);
  }
  if (asked !== undefined && !['Background', 'Foreground', 'Orphan'].includes(asked as string)) {
    const list = '"Foreground", "Background", "Orphan", "nil"';
    refuse('FieldValueNotSupported', `Unsupported value: ${JSON.stringify(asked)}: supported values: ${list}`);
  }
  const older = body.orphanDependents === undefined ? undefined : body.orphanDependents ? 'Orphan' : 'Background';
  const wanted = isObject(body.preconditions) ? body.preconditions : {};
  return {
    // One that is negative means the least there is.
    gracePeriodSeconds: typeof grace === 'number' ? (grace < 0 ? 1 : grace) : undefined,
    propagationPolicy: (asked ?? older) as RemoveOptions['propagationPolicy'],
    dryRun: isDryRun(query, 'delete', body.dryRun),
    ...(typeof wanted.uid === 'string' && { uid: wanted.uid }),
    ...(typeof wanted.resourceVersion === 'string' && { resourceVersion: wanted.resourceVersion }),
  };
}
