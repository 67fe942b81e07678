import { isDeepStrictEqual } from 'node:util';
import type { Api } from '../apiserver/api.ts';
import type { KindMap, KindName, KubeObject } from '../kinds/types.ts';
import { orNull } from './api-errors.ts';

type WithStatus = { [K in KindName]: KindMap[K] extends { status?: unknown } ? K : never }[KindName];

/**
 * Writes the status of an object unless it says the same already. Answers the object as it is then, null when it is gone.
 *
 * @throws ApiError Conflict when somebody else has written it since it was read
 */
export async function writeStatus<K extends WithStatus>(
  api: Api,
  object: KindMap[K],
  status: KindMap[K]['status'],
): Promise<KindMap[K] | null> {
  if (isDeepStrictEqual(withoutUndefined(status), object.status)) return object;
  return orNull(api.updateStatus((object as KubeObject).kind as K, { ...object, status }));
}

/** As the API stores it: what is undefined is not there. */
function withoutUndefined(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
