import { applyPatch, type Operation } from 'rfc6902';
import { knowsKind } from '../../../strategic-merge/merge-keys.ts';
import { strategicMerge, StrategicMergeError, type JsonObject } from '../../../strategic-merge/strategic-merge.ts';
import { ApiError, badRequest } from '../api-error.ts';
import { copy, isObject, mergePatch } from '../registry/json.ts';
import { parseBody, unsupported } from './body.ts';

/** Makes the new object from the old; the old is left alone. */
export type Patch = (old: object) => unknown;

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
export const APPLY_PATCH = 'application/apply-patch+yaml';

/**
 * Reads a patch by its media type.
 *
 * @throws ApiError UnsupportedMediaType, BadRequest; the patch itself ApiError Invalid, BadRequest
 */
export function readPatch(type: string, body: Buffer, kind: string): Patch {
  switch (type) {
    case JSON_PATCH:
      return jsonPatch(parseBody(body, 'json'));
    case MERGE_PATCH: {
      const patch = objectBody(body);
      return (old) => mergePatch(old, patch);
    }
    case STRATEGIC_PATCH:
      if (!knowsKind(kind)) throw unsupported(type, [JSON_PATCH, MERGE_PATCH]);
      return strategicPatch(objectBody(body), kind);
    case APPLY_PATCH:
      throw new ApiError(
        'UnsupportedMediaType',
        `a ${kind} is not kept by itself, so there is nothing of it to own: apply the whole object, or use another patch type`,
      );
    default:
      throw unsupported(type, [JSON_PATCH, MERGE_PATCH, ...(knowsKind(kind) ? [STRATEGIC_PATCH] : [])]);
  }
}

function objectBody(body: Buffer): JsonObject {
  const patch = parseBody(body, 'json');
  if (isObject(patch)) return patch;
  throw badRequest('the body of the patch is not an object');
}

function strategicPatch(patch: JsonObject, kind: string): Patch {
  return (old) => {
    try {
      return strategicMerge(old as JsonObject, patch, kind) ?? {};
    } catch (cause) {
      if (!(cause instanceof StrategicMergeError)) throw cause;
      throw badRequest(cause.message, { cause });
    }
  };
}

/** RFC 6902. */
function jsonPatch(operations: unknown): Patch {
  if (!Array.isArray(operations) || !operations.every((step) => isObject(step) && typeof step.path === 'string')) {
    throw badRequest('a JSON patch has to be a list of operations, each with its op and path');
  }
  return (old) => {
    const draft = copy(old);
    for (const [index, operation] of operations.entries()) {
      const problem = problemOf(draft, operation as Operation);
      if (problem === null) continue;
      const what = `operation ${index} of the JSON patch fails: ${problem}: ${JSON.stringify(operation)}`;
      throw new ApiError('Invalid', `the server rejected our request due to an error in our request: ${what}`);
    }
    return draft;
  };
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
