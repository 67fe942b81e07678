import { selectorText } from '../../kinds/columns.ts';
import type { Deployment, KubeObject } from '../../kinds/types.ts';
import { badRequest, invalid } from '../api-error.ts';
import { contentType, readBody, readObject } from '../http/body.ts';
import { cannotBeHandled, decodeAs, patchInvalid, type Refuse } from '../http/read-typed.ts';
import { fieldManager, isDryRun, storageOf, type ApiRequest } from '../http/request.ts';
import { readPatch, type Patch } from '../http/patch.ts';
import { send } from '../http/respond.ts';
import type { Subresource } from '../registry/api-resource.ts';

const SCALE = 'io.k8s.api.autoscaling.v1.Scale';

/** `deployments/scale`: a Scale in place of the whole object, for whatever has spec.replicas. */
export const scale: Subresource = {
  of: (kind) => kind.scale ?? false,
  name: 'scale',
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  handlers: {
    get: (request) => send(request, 200, scaleOf(storageOf(request).get(request.name!, request.namespace))),
    async update(request) {
      const body = await readObject(request.req, SCALE);
      const { kind, apiVersion, metadata } = body as Partial<KubeObject>;
      if (kind && kind !== 'Scale') throw badRequest(`${kind} in version "${apiVersion}" cannot be handled as a Scale`);
      const { name } = request;
      if (metadata?.name && metadata.name !== name) {
        throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
      }
      change(request, () => body, cannotBeHandled({ kind: 'Scale', version: 'v1' }));
    },
    patch: async (request) =>
      change(
        request,
        readPatch(contentType(request.req), await readBody(request.req), { kind: 'Scale', model: SCALE }),
      ),
  },
};

function change(request: ApiRequest, patch: Patch, refuse?: Refuse): void {
  const { name, namespace, query, user } = request;
  const storage = storageOf(request);
  const object = storage.modify(
    name!,
    namespace,
    (old) => {
      const wanted = patch(scaleOf(old));
      const { replicas, uid, resourceVersion } = readScale(wanted, name!, refuse ?? patchInvalid(wanted));
      const spec = { ...(old as Deployment).spec, replicas };
      return { ...old, spec, metadata: { ...old.metadata, uid, resourceVersion } };
    },
    { user, dryRun: isDryRun(query, request.verb), manager: fieldManager(request), subresource: 'scale' },
  );
  send(request, 200, scaleOf(object));
}

/** The scale of anything with spec.replicas. */
function scaleOf(object: KubeObject): object {
  const { metadata, spec, status } = object as Deployment;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    // Go leaves a 0 out.
    spec: spec?.replicas ? { replicas: spec.replicas } : {},
    status: { replicas: status?.replicas ?? 0, selector: selectorText(spec?.selector) },
  };
}

type Scale = { metadata?: { uid?: string; resourceVersion?: string }; spec?: { replicas?: number } };

function readScale(value: unknown, name: string, refuse: Refuse) {
  const scale = decodeAs(value, { kind: 'Scale', version: 'v1', model: SCALE }, refuse).value as Scale;
  const replicas = scale.spec?.replicas ?? 0;
  if (replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
      { reason: 'FieldValueInvalid', field: 'spec.replicas', message },
    ]);
  }
  return { replicas, uid: scale.metadata?.uid, resourceVersion: scale.metadata?.resourceVersion };
}
