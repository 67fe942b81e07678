import { applyPatch, Pointer, type Operation } from 'rfc6902';
import { types } from '../../../api-schema/facts.ts';
import { strategicMerge, StrategicMergeError, type JsonObject } from '../../../strategic-merge/strategic-merge.ts';
import type { Kind } from '../../kinds/kind.ts';
import { ApiError, badRequest } from '../api-error.ts';
import { copy, isObject, mergePatch } from '../registry/json.ts';
import { parseBody, tooLarge, unsupported } from './body.ts';

/** Makes the new object from the old; the old is left alone. */
export type Patch = (old: object) => unknown;

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
export const APPLY_PATCH = 'application/apply-patch+yaml';

/** The media types of the patches of a kind. What is not Kubernetes' own has no strategic merge patch. */
export function patchTypes({ model }: Pick<Kind, 'model'>): string[] {
  return [JSON_PATCH, MERGE_PATCH, ...(Object.hasOwn(types, model) ? [STRATEGIC_PATCH] : []), APPLY_PATCH];
}

/**
 * Reads a patch of an object of a kind by its media type.
 *
 * @throws ApiError UnsupportedMediaType, BadRequest; the patch itself ApiError Invalid, BadRequest
 */
export function readPatch(type: string, body: Buffer, kind: Pick<Kind, 'kind' | 'model'>): Patch {
  const supported = patchTypes(kind);
  if (!supported.includes(type)) throw unsupported(type, supported);
  switch (type) {
    case JSON_PATCH:
      return jsonPatch(parseBody(body, 'json'));
    case MERGE_PATCH: {
      const patch = objectBody(body);
      return (old) => mergePatch(old, patch);
    }
    case STRATEGIC_PATCH:
      return strategicPatch(objectBody(body), kind.model);
    default:
      throw new ApiError(
        'UnsupportedMediaType',
        `a ${kind.kind} is not kept by itself, so there is nothing of it to own: apply the whole object, or use another patch type`,
      );
  }
}

function objectBody(body: Buffer): JsonObject {
  const patch = parseBody(body, 'json');
  if (isObject(patch)) return patch;
  throw badRequest('the body of the patch is not an object');
}

function strategicPatch(patch: JsonObject, model: string): Patch {
  return (old) => {
    try {
      return strategicMerge(old as JsonObject, patch, model) ?? {};
    } catch (cause) {
      if (!(cause instanceof StrategicMergeError)) throw cause;
      throw badRequest(cause.message, { cause });
    }
  };
}

/** What the copies of a JSON patch may come to, in bytes as upstream: each may double the object. */
const COPY_LIMIT = 3 * 1024 * 1024;

/** RFC 6902. */
function jsonPatch(operations: unknown): Patch {
  if (!Array.isArray(operations) || !operations.every((step) => isObject(step) && typeof step.path === 'string')) {
    throw badRequest('a JSON patch has to be a list of operations, each with its op and path');
  }
  return (old) => {
    const draft = copy(old);
    let copied = 0;
    for (const [index, operation] of operations.entries()) {
      copied += copiedBy(draft, operation as Operation);
      if (copied > COPY_LIMIT) throw tooLarge('the copies of the JSON patch', COPY_LIMIT);
      const problem = problemOf(draft, operation as Operation);
      if (problem === null) continue;
      const what = `operation ${index} of the JSON patch fails: ${problem}: ${JSON.stringify(operation)}`;
      throw new ApiError('Invalid', `the server rejected our request due to an error in our request: ${what}`, {});
    }
    return draft;
  };
}

function copiedBy(draft: object, operation: Operation): number {
  if (operation.op !== 'copy' || !operation.from?.startsWith('/')) return 0;
  return JSON.stringify(Pointer.fromJSON(operation.from).get(draft) ?? null).length;
}

/** Applies one operation. What it names may not be there, or may be no pointer at all, which the library throws. */
function problemOf(draft: object, operation: Operation): string | null {
  try {
    const [error] = applyPatch(draft, [operation]);
    return error?.message ?? null;
  } catch (error) {
    return (error as Error).message;
  }
}
