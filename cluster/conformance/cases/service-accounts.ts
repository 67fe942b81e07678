import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok, refused } from '../expect.ts';
import { configMap, idle, pod } from '../objects.ts';
import { output } from '../pods.ts';

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
const account = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name },
  ...more,
});

/** Asks the API for a ConfigMap of its own namespace, as a client library within the cluster does, and writes the code it is answered with. */
const asks = `
const { readFileSync } = require('node:fs');
const file = (name) => readFileSync('${FOLDER}/' + name, 'utf8');
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
const path = '/api/v1/namespaces/' + file('namespace') + '/configmaps/colours';
const headers = { authorization: 'Bearer ' + file('token') };
require('node:https').get({ host, port, path, headers, ca: file('ca.crt') }, (answer) => {
  console.log(answer.statusCode);
  process.exit();
});`;

/** A pod as it is after its creation; it is never run. */
async function created({ api, core }: World, spec: object = {}, container: object = {}): Promise<Json> {
  const gated = { schedulingGates: [{ name: 'example.com/never' }], ...spec };
  return ok(await api.post(core('pods'), pod('some', idle, container, gated)));
}

const paths = ({ volumeMounts = [] }: Json) => volumeMounts.map(({ mountPath }: Json) => mountPath);

async function hasDefaultAccount({ api, core }: World): Promise<void> {
  await eventually('the account is there', async () => (await api.get(core('serviceaccounts/default'))).status === 200);
}

export const serviceAccounts = topic('service accounts', {
  'a pod that names none has the one called default': async (world) => {
    const { spec } = await created(world);
    assert.equal(spec.serviceAccountName, 'default');
    assert.equal(spec.serviceAccount, 'default');
  },
  'the files by which the API is used are mounted into every container': async (world) => {
    const initContainers = [{ name: 'first', image: 'node:24' }];
    const { spec } = await created(world, { initContainers });
    assert.deepEqual(paths(spec.containers[0]), [FOLDER]);
    assert.deepEqual(paths(spec.initContainers[0]), [FOLDER]);
    assert.equal(spec.containers[0].volumeMounts[0].readOnly, true);
    const [volume] = spec.volumes;
    assert.match(volume.name, /^kube-api-access-[a-z0-9]{5}$/);
    const [token, certificate, namespace] = volume.projected.sources;
    assert.deepEqual(token, { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } });
    assert.equal(certificate.configMap.name, 'kube-root-ca.crt');
    assert.equal(namespace.downwardAPI.items[0].fieldRef.fieldPath, 'metadata.namespace');
    assert.equal(volume.projected.defaultMode, 0o644);
  },
  'a container that mounts something there keeps it': async (world) => {
    const volumes = [{ name: 'own', emptyDir: {} }];
    const { spec } = await created(world, { volumes }, { volumeMounts: [{ name: 'own', mountPath: FOLDER }] });
    assert.deepEqual(paths(spec.containers[0]), [FOLDER]);
    assert.deepEqual(
      spec.volumes.map(({ name }: Json) => name),
      ['own'],
    );
  },
  'a pod may do without them': async (world) => {
    const { spec } = await created(world, { automountServiceAccountToken: false });
    assert.equal(spec.volumes, undefined);
    assert.deepEqual(paths(spec.containers[0]), []);
  },
  'an account may do without them, unless the pod wants them': async (world) => {
    const { api, core } = world;
    ok(await api.post(core('serviceaccounts'), account('plain', { automountServiceAccountToken: false })));
    const { spec } = await created(world, { serviceAccountName: 'plain' });
    assert.equal(spec.volumes, undefined);
    ok(await api.delete(core('pods/some?gracePeriodSeconds=0')));
    const wanting = pod('other', idle, {}, { serviceAccountName: 'plain', automountServiceAccountToken: true });
    assert.equal(ok(await api.post(core('pods?dryRun=All'), wanting)).spec.volumes.length, 1);
  },
  'a pod of an account that is not there is refused': async ({ api, core, namespace }) => {
    const answer = await api.post(core('pods'), pod('some', idle, {}, { serviceAccountName: 'nobody' }));
    refused(answer, 403, 'Forbidden');
    const message = `error looking up service account ${namespace}/nobody: serviceaccount "nobody" not found`;
    assert.equal(answer.body.message, `pods "some" is forbidden: ${message}`);
  },
  'a program in a pod may do what its account may, and no more': async (world) => {
    const { api, core, namespace } = world;
    await hasDefaultAccount(world);
    ok(await api.post(core('configmaps'), configMap('colours')));
    ok(await api.post(core('serviceaccounts'), account('reader')));
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }];
    ok(await api.post(`${rbac}/roles`, { metadata: { name: 'read' }, rules }));
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'read' };
    const subjects = [{ kind: 'ServiceAccount', name: 'reader', namespace }];
    ok(await api.post(`${rbac}/rolebindings`, { metadata: { name: 'read' }, roleRef, subjects }));
    assert.equal(await output(world, asks, {}, { serviceAccountName: 'reader' }), '200\n');
    ok(await api.delete(core('pods/some?gracePeriodSeconds=0')));
    await eventually('the first is gone', async () => (await api.get(core('pods/some'))).status === 404);
    assert.equal(await output(world, asks), '403\n');
  },
});
