import { deepEqual, equal, match } from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openTestServer, type TestServer } from '../testing/test-server.ts';

const CONFIG_MAPS = '/api/v1/namespaces/shop/configmaps';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const WHO = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

let server: TestServer;
before(async () => {
  server = await openTestServer();
  const subjects = [{ kind: 'User', name: 'bob' }];
  const roleRef = { kind: 'ClusterRole', name: 'bob' };
  await server.send('POST', `${RBAC}/clusterrolebindings`, { metadata: { name: 'bob' }, subjects, roleRef });
});
after(() => server.close());

/** What bob may do. */
async function allow(rule: object): Promise<void> {
  await server.send('DELETE', `${RBAC}/clusterroles/bob`);
  const role = { metadata: { name: 'bob' }, rules: [{ apiGroups: [''], ...rule }] };
  equal((await server.send('POST', `${RBAC}/clusterroles`, role)).status, 201);
}

const asBob = (method: string, path: string, body: unknown, type = 'application/json') =>
  server.send(method, path, body, { 'impersonate-user': 'bob', 'content-type': type });

describe('a role', () => {
  it('for one object by name lets nobody create one, whatever the query selects', async () => {
    await allow({ resources: ['configmaps'], verbs: ['create', 'deletecollection'], resourceNames: ['mine'] });
    const other = { metadata: { name: 'other' } };
    for (const query of ['', '?fieldSelector=metadata.name%3Dmine']) {
      equal((await asBob('POST', CONFIG_MAPS + query, other)).status, 403, query);
    }
    equal((await asBob('DELETE', `${CONFIG_MAPS}?fieldSelector=metadata.name%3Dmine`, undefined)).status, 200);
  });

  it('to patch lets nobody create by an apply what is not there', async () => {
    const apply = (name: string) => {
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } };
      return asBob('PATCH', `${CONFIG_MAPS}/${name}?fieldManager=bob`, object, 'application/apply-patch+yaml');
    };
    await server.send('POST', CONFIG_MAPS, { metadata: { name: 'there' } });
    await allow({ resources: ['configmaps'], verbs: ['patch'] });
    equal((await apply('there')).status, 200);
    const { status, json } = await apply('new');
    equal(status, 403);
    match(json().message, /cannot create resource "configmaps"/);
    await allow({ resources: ['configmaps'], verbs: ['patch', 'create'] });
    equal((await apply('new')).status, 201);
  });

  it('to update lets nobody create by it what is not there', async () => {
    const lease = { metadata: { name: 'new' } };
    const put = () => asBob('PUT', '/apis/coordination.k8s.io/v1/namespaces/shop/leases/new', lease);
    const rule = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
    await allow({ ...rule, verbs: ['update'] });
    equal((await put()).status, 403);
    await allow({ ...rule, verbs: ['update', 'create'] });
    equal((await put()).status, 201);
  });
});

describe('across namespaces', () => {
  it('objects can be listed, and nothing else', async () => {
    equal((await server.send('GET', '/api/v1/configmaps')).status, 200);
    const object = { metadata: { name: 'stray', namespace: 'shop' } };
    equal((await server.send('POST', '/api/v1/configmaps', object)).status, 405);
    equal((await server.send('DELETE', '/api/v1/configmaps')).status, 405);
    equal((await server.send('GET', '/api/v1/configmaps/there')).status, 404);
    equal((await server.send('POST', '/api/v1/pods/some/eviction', {})).status, 404);
  });
});

describe('impersonation', () => {
  it('of a uid and extra fields takes the rights that the documentation names', async () => {
    const { json } = await server.send('POST', `/api/v1/namespaces/shop/serviceaccounts`, {
      metadata: { name: 'proxy' },
    });
    equal(json().kind, 'ServiceAccount');
    const { token } = (await server.send('POST', '/api/v1/namespaces/shop/serviceaccounts/proxy/token', {})).json()
      .status;
    const rules = [
      { apiGroups: [''], resources: ['users'], verbs: ['impersonate'] },
      {
        apiGroups: ['authentication.k8s.io'],
        resources: ['userextras/scopes'],
        resourceNames: ['view'],
        verbs: ['impersonate'],
      },
      { apiGroups: ['authentication.k8s.io'], resources: ['uids'], resourceNames: ['42'], verbs: ['impersonate'] },
    ];
    await server.send('POST', `${RBAC}/clusterroles`, { metadata: { name: 'proxy' }, rules });
    const subjects = [{ kind: 'ServiceAccount', namespace: 'shop', name: 'proxy' }];
    const roleRef = { kind: 'ClusterRole', name: 'proxy' };
    await server.send('POST', `${RBAC}/clusterrolebindings`, { metadata: { name: 'proxy' }, subjects, roleRef });
    const as = (headers: Record<string, string>) =>
      server.send('POST', WHO, {}, { authorization: `Bearer ${token}`, 'impersonate-user': 'jane', ...headers });
    const { username, uid, extra } = (await as({ 'impersonate-uid': '42', 'impersonate-extra-scopes': 'view' })).json()
      .status.userInfo;
    deepEqual([username, uid, extra], ['jane', '42', { scopes: ['view'] }]);
    equal((await as({ 'impersonate-uid': '43' })).status, 403);
    equal((await as({ 'impersonate-extra-scopes': 'edit' })).status, 403);
    equal((await as({ 'impersonate-extra-other': 'view' })).status, 403);
  });

  it('of a uid alone is refused, and a field whose name is no percent-encoding is taken as it is', async () => {
    equal((await server.send('POST', WHO, {}, { 'impersonate-uid': '42' })).status, 400);
    const { status, json } = await server.send(
      'POST',
      WHO,
      {},
      { 'impersonate-user': 'jane', 'impersonate-extra-%zz': 'a' },
    );
    deepEqual([status, json().status.userInfo.extra], [201, { '%zz': ['a'] }]);
  });
});
