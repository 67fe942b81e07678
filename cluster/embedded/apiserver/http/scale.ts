import { decode, SchemaError } from '../../kinds/schema/schema.ts';
import { scaleOf, withReplicas } from '../../kinds/scale.ts';
import { ApiError, badRequest, conflict, invalid } from '../api-error.ts';
import { contentType, readBody, readObject } from './body.ts';
import { fieldManager, isDryRun, type Call } from './call.ts';
import { readPatch } from './patch.ts';
import { send } from './respond.ts';

/** The `scale` subresource: GET, PUT and PATCH of a Scale in place of the whole object. */
export async function handleScale(call: Call): Promise<void> {
  const { req, resource, name, namespace, query } = call;
  if (req.method === 'GET') return send(call, 200, scaleOf(resource.get(name!, namespace)));
  if (req.method !== 'PUT' && req.method !== 'PATCH') {
    throw new ApiError('MethodNotAllowed', 'a scale can be read, updated and patched');
  }
  const change =
    req.method === 'PUT'
      ? put(await readObject(req, 'V1Scale'))
      : readPatch(contentType(req), await readBody(req), 'Scale');
  const object = resource.modify(
    name!,
    namespace,
    (old) => {
      const { replicas, resourceVersion } = readScale(change(scaleOf(old)), name!);
      if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) {
        throw conflict(
          resource.name,
          name!,
          'the object has been modified; please apply your changes to the latest version',
        );
      }
      return withReplicas(old, replicas);
    },
    { dryRun: isDryRun(query), manager: fieldManager(call) },
  );
  send(call, 200, scaleOf(object));
}

const put = (body: object) => () => body;

function readScale(value: unknown, name: string): { replicas: number; resourceVersion?: string } {
  let scale: { metadata?: { name?: string; resourceVersion?: string }; spec?: { replicas?: number } };
  try {
    scale = decode(value, 'V1Scale').value as typeof scale;
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    throw badRequest(`Scale in version "autoscaling/v1" cannot be handled as a Scale: ${cause.message}`, { cause });
  }
  const replicas = scale.spec?.replicas ?? 0;
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
      { reason: 'FieldValueInvalid', field: 'spec.replicas', message },
    ]);
  }
  return { replicas, resourceVersion: scale.metadata?.resourceVersion };
}
