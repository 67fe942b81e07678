import assert from 'node:assert/strict';
import type { Answer, Api } from '../api.ts';
import { topic } from '../case.ts';
import { eventually } from '../eventually.ts';
import { invalid, ok, refused } from '../expect.ts';
import { configMap, idle, pod } from '../objects.ts';

const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
const rbacPath = (namespace: string, path: string) =>
  `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${path}`;

const role = (name: string, rules: object[]) => ({ ...rbac, kind: 'Role', metadata: { name }, rules });

/** Binds the service account `default` of a namespace. */
const binding = (name: string, namespace: string, kind: string, to: string) => ({
  ...rbac,
  kind: 'RoleBinding',
  metadata: { name },
  subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: to },
});

async function tokenOf(api: Api, path: string, spec: object = {}): Promise<string> {
  return ok(await api.post(path, { spec })).status.token;
}

/** The same API, by the holder of a token. */
function by(api: Api, token: string) {
  const send = (method: string, path: string, body?: unknown): Promise<Answer> =>
    api.send(method, path, { anonymous: true, body, headers: { authorization: `Bearer ${token}` } });
  return {
    get: (path: string) => send('GET', path),
    post: (path: string, body: unknown) => send('POST', path, body),
    send,
  };
}

const whoAmI = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
const WHO = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

export const access = topic('access', {
  'every namespace has a service account': async ({ core, api }) => {
    assert.equal(ok(await api.get(core('serviceaccounts/default'))).metadata.name, 'default');
  },
  'every namespace has the certificate by which the API is trusted': async ({ core, api }) => {
    await eventually('the ConfigMap is there', async () => {
      const { status, body } = await api.get(core('configmaps/kube-root-ca.crt'));
      return status === 200 && body.data['ca.crt'].startsWith('-----BEGIN CERTIFICATE-----');
    });
  },
  'a token of a service account says who it is of': async ({ api, core, namespace }) => {
    const { get: _get, post } = by(api, await tokenOf(api, core('serviceaccounts/default/token')));
    const { userInfo } = ok(await post(WHO, whoAmI)).status;
    assert.equal(userInfo.username, `system:serviceaccount:${namespace}:default`);
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
    assert.deepEqual(userInfo.groups, groups);
  },
  'a token has an end': async ({ api, core }) => {
    const { spec, status } = ok(await api.post(core('serviceaccounts/default/token'), { spec: {} }));
    assert.equal(spec.expirationSeconds, 3600);
    const seconds = (Date.parse(status.expirationTimestamp) - Date.now()) / 1000;
    assert.ok(seconds > 3500 && seconds <= 3610, String(seconds));
  },
  'a token for less than ten minutes is not given': async ({ api, core }) => {
    invalid(
      await api.post(core('serviceaccounts/default/token'), { spec: { expirationSeconds: 60 } }),
      'spec.expirationSeconds',
    );
  },
  'a token for somebody else opens nothing here': async ({ api, core }) => {
    const token = await tokenOf(api, core('serviceaccounts/default/token'), { audiences: ['elsewhere'] });
    refused(await by(api, token).get('/apis'), 401, 'Unauthorized');
  },
  'a token bound to a pod says so, and opens nothing once the pod is gone': async ({ api, core }) => {
    const waiting = pod('some', idle, {}, { nodeSelector: { 'example.com/nowhere': 'yes' } });
    const { metadata } = ok(await api.post(core('pods'), waiting));
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: 'some', uid: metadata.uid };
    const path = core('serviceaccounts/default/token');
    const other = { ...boundObjectRef, uid: '00000000-0000-0000-0000-000000000000' };
    refused(await api.post(path, { spec: { boundObjectRef: other } }), 409, 'Conflict');
    const [one, two] = [await tokenOf(api, path, { boundObjectRef }), await tokenOf(api, path, { boundObjectRef })];
    const { extra } = ok(await by(api, one).post(WHO, whoAmI)).status.userInfo;
    assert.deepEqual(extra['authentication.kubernetes.io/pod-uid'], [metadata.uid]);
    ok(await api.delete(core('pods/some?gracePeriodSeconds=0')));
    refused(await by(api, two).get('/apis'), 401, 'Unauthorized');
  },
  'a token of an account that is gone opens nothing': async ({ api, core }) => {
    ok(await api.post(core('serviceaccounts'), { metadata: { name: 'some' } }));
    const token = await tokenOf(api, core('serviceaccounts/some/token'));
    ok(await api.delete(core('serviceaccounts/some')));
    refused(await by(api, token).get('/apis'), 401, 'Unauthorized');
  },
  'a service account may do nothing that no role allows': async ({ api, core, namespace }) => {
    const { get } = by(api, await tokenOf(api, core('serviceaccounts/default/token')));
    const who = `User "system:serviceaccount:${namespace}:default"`;
    const listed = refused(await get(core('pods')), 403, 'Forbidden');
    assert.equal(
      listed.message,
      `pods is forbidden: ${who} cannot list resource "pods" in API group "" in the namespace "${namespace}"`,
    );
    assert.deepEqual(listed.details, { kind: 'pods' });
    const one = refused(await get(`/apis/apps/v1/namespaces/${namespace}/deployments/web/scale`), 403, 'Forbidden');
    assert.equal(
      one.message,
      `deployments.apps "web" is forbidden: ${who} cannot get resource "deployments/scale" in API group "apps" in the namespace "${namespace}"`,
    );
    const nodes = refused(await get('/api/v1/nodes'), 403, 'Forbidden');
    assert.equal(
      nodes.message,
      `nodes is forbidden: ${who} cannot list resource "nodes" in API group "" at the cluster scope`,
    );
    const path = refused(await get('/metrics'), 403, 'Forbidden');
    assert.equal(path.message, `forbidden: ${who} cannot get path "/metrics"`);
  },
  'whoever is known may ask what there is': async ({ api, core }) => {
    const { get } = by(api, await tokenOf(api, core('serviceaccounts/default/token')));
    for (const path of ['/api', '/apis', '/apis/apps/v1', '/openapi/v3', '/version']) ok(await get(path));
  },
  'a role allows what its rules name, in its namespace': async ({ api, core, namespace }) => {
    const { get, send } = by(api, await tokenOf(api, core('serviceaccounts/default/token')));
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }];
    ok(await api.post(rbacPath(namespace, 'roles'), role('reader', rules)));
    ok(await api.post(rbacPath(namespace, 'rolebindings'), binding('reader', namespace, 'Role', 'reader')));
    await eventually('the role is in force', async () => (await get(core('configmaps'))).status === 200);
    refused(await send('DELETE', core('configmaps/some')), 403, 'Forbidden');
    refused(await get(core('secrets')), 403, 'Forbidden');
    refused(await get('/api/v1/namespaces/default/configmaps'), 403, 'Forbidden');
    ok(await api.delete(rbacPath(namespace, 'rolebindings/reader')));
    await eventually('the role is no longer in force', async () => (await get(core('configmaps'))).status === 403);
  },
  'a rule may name objects and subresources': async ({ api, core, namespace }) => {
    const { get, post } = by(api, await tokenOf(api, core('serviceaccounts/default/token')));
    const rules = [
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['mine'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods/log'], verbs: ['*'] },
    ];
    ok(await api.post(core('configmaps'), configMap('mine')));
    ok(await api.post(core('configmaps'), configMap('other')));
    ok(await api.post(rbacPath(namespace, 'roles'), role('some', rules)));
    ok(await api.post(rbacPath(namespace, 'rolebindings'), binding('some', namespace, 'Role', 'some')));
    await eventually('the role is in force', async () => (await get(core('configmaps/mine'))).status === 200);
    refused(await get(core('configmaps/other')), 403, 'Forbidden');
    refused(await get(core('pods/some/log')), 404, 'NotFound');
    refused(await get(core('pods/some')), 403, 'Forbidden');
    const attributes = { namespace, verb: 'get', resource: 'pods', subresource: 'log', name: 'some' };
    const review = { apiVersion: 'authorization.k8s.io/v1', spec: { resourceAttributes: attributes } };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    assert.equal(ok(await post(path, { kind: 'SelfSubjectAccessReview', ...review })).status.allowed, true);
  },
  'a cluster role may be bound in one namespace': async ({ api, core, namespace }) => {
    const { get } = by(api, await tokenOf(api, core('serviceaccounts/default/token')));
    ok(await api.post(rbacPath(namespace, 'rolebindings'), binding('viewer', namespace, 'ClusterRole', 'view')));
    await eventually('the role is in force', async () => (await get(core('pods'))).status === 200);
    refused(await get(core('secrets')), 403, 'Forbidden');
    refused(await get('/api/v1/pods'), 403, 'Forbidden');
  },
  'the administrator may ask and act as somebody else': async ({ api, core, namespace }) => {
    const user = `system:serviceaccount:${namespace}:default`;
    const headers = { 'impersonate-user': user };
    refused(await api.get(core('pods'), headers), 403, 'Forbidden');
    const { userInfo } = ok(await api.send('POST', WHO, { body: whoAmI, headers })).status;
    assert.equal(userInfo.username, user);
    const spec = { user, resourceAttributes: { namespace, verb: 'list', resource: 'pods' } };
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
    const { status } = ok(await api.post('/apis/authorization.k8s.io/v1/subjectaccessreviews', review));
    assert.equal(status.allowed, false);
  },
  'a service account may not act as somebody else': async ({ api, core }) => {
    const token = await tokenOf(api, core('serviceaccounts/default/token'));
    const headers = { authorization: `Bearer ${token}`, 'impersonate-user': 'somebody' };
    refused(await api.send('GET', '/apis', { anonymous: true, headers }), 403, 'Forbidden');
  },
  'a role that is bound cannot be exchanged for another': async ({ api, namespace }) => {
    const path = rbacPath(namespace, 'rolebindings');
    ok(await api.post(path, binding('some', namespace, 'ClusterRole', 'view')));
    invalid(await api.put(`${path}/some`, binding('some', namespace, 'ClusterRole', 'edit')), 'roleRef');
  },
  'nobody grants by a role what they may not do themselves': async ({ api, core, namespace }) => {
    const { get, post } = by(api, await tokenOf(api, core('serviceaccounts/default/token')));
    const [roles, bindings] = [rbacPath(namespace, 'roles'), rbacPath(namespace, 'rolebindings')];
    ok(await api.post(bindings, binding('admin', namespace, 'ClusterRole', 'admin')));
    await eventually('the role is in force', async () => (await get(bindings)).status === 200);
    ok(await post(roles, role('own', [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }])));
    ok(await post(bindings, binding('viewer', namespace, 'ClusterRole', 'view')));
    for (const rule of [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get'] },
    ]) {
      const { message } = refused(await post(roles, role('more', [rule])), 403, 'Forbidden');
      assert.match(message, /is attempting to grant RBAC permissions not currently held/);
    }
    const all = binding('all', namespace, 'ClusterRole', 'cluster-admin');
    assert.match(refused(await post(bindings, all), 403, 'Forbidden').message, /not currently held/);
  },
  'whoever may bind a role may give it to others': async ({ api, core, namespace }) => {
    const { post } = by(api, await tokenOf(api, core('serviceaccounts/default/token')));
    const bindings = rbacPath(namespace, 'rolebindings');
    const group = { apiGroups: ['rbac.authorization.k8s.io'] };
    const rules = [
      { ...group, resources: ['rolebindings'], verbs: ['create'] },
      { ...group, resources: ['clusterroles'], resourceNames: ['edit'], verbs: ['bind'] },
    ];
    ok(await api.post(rbacPath(namespace, 'roles'), role('binder', rules)));
    ok(await api.post(bindings, binding('binder', namespace, 'Role', 'binder')));
    await eventually('the role is in force', async () => {
      return (await post(bindings, binding('editor', namespace, 'ClusterRole', 'edit'))).status === 201;
    });
    refused(await post(bindings, binding('all', namespace, 'ClusterRole', 'cluster-admin')), 403, 'Forbidden');
  },
  'roles and bindings have columns of their own': async ({ api, namespace }) => {
    ok(await api.post(rbacPath(namespace, 'roles'), role('some', [])));
    ok(await api.post(rbacPath(namespace, 'rolebindings'), binding('some', namespace, 'Role', 'some')));
    const table = async (path: string) =>
      ok(await api.get(rbacPath(namespace, path), { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }));
    const names = ({ columnDefinitions }: { columnDefinitions: { name: string }[] }) =>
      columnDefinitions.map(({ name }) => name);
    assert.deepEqual(names(await table('roles')), ['Name', 'Created At']);
    const bindings = await table('rolebindings');
    assert.deepEqual(names(bindings), ['Name', 'Role', 'Age', 'Users', 'Groups', 'ServiceAccounts']);
    const { cells } = bindings.rows[0];
    assert.deepEqual(
      [cells[0], cells[1], cells[3], cells[4], cells[5]],
      ['some', 'Role/some', '', '', `${namespace}/default`],
    );
  },
});
