import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic } from '../case.ts';
import { ok, refused } from '../expect.ts';

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

export const discovery = topic('discovery', {
  'the version says major and minor': async ({ api }) => {
    const { major, minor, gitVersion } = ok(await api.get('/version'));
    assert.match(major, /^\d+$/);
    assert.match(minor, /^\d+/);
    assert.match(gitVersion, /^v\d+\.\d+\.\d+/);
  },
  'health, liveness and readiness are told without credentials': async ({ api }) => {
    for (const path of ['/healthz', '/livez', '/readyz']) {
      const { status, text } = await api.send('GET', path, { anonymous: true });
      assert.equal(status, 200);
      assert.equal(text, 'ok');
    }
  },
  'the core group has version v1': async ({ api }) => {
    const { kind, versions } = ok(await api.get('/api'));
    assert.equal(kind, 'APIVersions');
    assert.deepEqual(versions, ['v1']);
  },
  'the named groups are listed with their preferred version': async ({ api }) => {
    const { kind, groups } = ok(await api.get('/apis'));
    assert.equal(kind, 'APIGroupList');
    const apps = groups.find(({ name }: Json) => name === 'apps');
    assert.equal(apps.preferredVersion.groupVersion, 'apps/v1');
  },
  'one group is described by itself': async ({ api }) => {
    const group = ok(await api.get('/apis/apps'));
    assert.equal(group.kind, 'APIGroup');
    assert.equal(group.name, 'apps');
  },
  'a group version lists its resources with verbs, kind, scope and short names': async ({ api }) => {
    const { kind, groupVersion, resources } = ok(await api.get('/apis/apps/v1'));
    assert.equal(kind, 'APIResourceList');
    assert.equal(groupVersion, 'apps/v1');
    const deployments = resources.find(({ name }: Json) => name === 'deployments');
    assert.equal(deployments.kind, 'Deployment');
    assert.equal(deployments.namespaced, true);
    assert.deepEqual(deployments.shortNames, ['deploy']);
    for (const verb of ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'])
      assert.ok(deployments.verbs.includes(verb), verb);
  },
  'subresources are listed beside their resources': async ({ api }) => {
    const { resources } = ok(await api.get('/apis/apps/v1'));
    const names = resources.map(({ name }: Json) => name);
    assert.ok(names.includes('deployments/status'));
    const scale = resources.find(({ name }: Json) => name === 'deployments/scale');
    assert.equal(scale.kind, 'Scale');
    assert.equal(scale.group, 'autoscaling');
  },
  'cluster-wide resources say so': async ({ api }) => {
    const { resources } = ok(await api.get('/api/v1'));
    const scope = (of: string) => resources.find(({ name }: Json) => name === of).namespaced;
    assert.equal(scope('nodes'), false);
    assert.equal(scope('namespaces'), false);
    assert.equal(scope('pods'), true);
  },
  'aggregated discovery tells every resource in one answer': async ({ api }) => {
    const answer = await api.get('/apis', { accept: aggregated });
    const { kind, items } = ok(answer);
    assert.equal(kind, 'APIGroupDiscoveryList');
    assert.match(String(answer.headers['content-type']), /as=APIGroupDiscoveryList/);
    const apps = items.find(({ metadata }: Json) => metadata.name === 'apps');
    const deployments = apps.versions[0].resources.find(({ resource }: Json) => resource === 'deployments');
    assert.equal(deployments.scope, 'Namespaced');
    assert.equal(deployments.responseKind.kind, 'Deployment');
  },
  'aggregated discovery has the core group at /api': async ({ api }) => {
    const { items } = ok(await api.get('/api', { accept: aggregated }));
    const resources = items[0].versions[0].resources.map(({ resource }: Json) => resource);
    for (const resource of ['pods', 'services', 'configmaps']) assert.ok(resources.includes(resource), resource);
  },
  'OpenAPI v3 lists a document for each group version': async ({ api }) => {
    const { paths } = ok(await api.get('/openapi/v3'));
    assert.ok(paths['api/v1'].serverRelativeURL.startsWith('/openapi/v3/api/v1'));
    assert.ok(paths['apis/apps/v1']);
  },
  'the OpenAPI document of a group version has schemas with their kinds': async ({ api }) => {
    const { components } = ok(await api.get('/openapi/v3/apis/apps/v1'));
    const schema = components.schemas['io.k8s.api.apps.v1.Deployment'];
    assert.deepEqual(schema['x-kubernetes-group-version-kind'], [{ group: 'apps', kind: 'Deployment', version: 'v1' }]);
    assert.ok(schema.properties.spec);
  },
  "a schema says which fields are required, and how a list's items are known apart": async ({ api }) => {
    const { components } = ok(await api.get('/openapi/v3/apis/apps/v1'));
    const { properties, required } = components.schemas['io.k8s.api.core.v1.Container'];
    assert.deepEqual(required, ['name']);
    const { 'x-kubernetes-list-type': list, 'x-kubernetes-list-map-keys': keys } = properties.ports;
    assert.deepEqual([list, keys], ['map', ['containerPort', 'protocol']]);
    assert.equal(properties.ports['x-kubernetes-patch-merge-key'], 'containerPort');
    assert.equal(properties.ports['x-kubernetes-patch-strategy'], 'merge');
    const { protocol } = components.schemas['io.k8s.api.core.v1.ContainerPort'].properties;
    assert.equal(protocol.default, 'TCP');
    assert.equal(
      components.schemas['io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector']['x-kubernetes-map-type'],
      'atomic',
    );
  },
  "a kind's path says which patches it takes": async ({ api }) => {
    const { paths } = ok(await api.get('/openapi/v3/api/v1'));
    const { patch } = paths['/api/v1/namespaces/{namespace}/services/{name}'];
    assert.ok(patch.requestBody.content['application/strategic-merge-patch+json']);
    assert.ok(patch.requestBody.content['application/apply-patch+yaml']);
  },
  'an unknown group is not found': async ({ api }) => {
    assert.equal((await api.get('/apis/no.such.group')).status, 404);
  },
  'an unknown resource of a known group is not found': async ({ api }) => {
    assert.equal((await api.get('/apis/apps/v1/namespaces/default/nothings')).status, 404);
  },
  'a method that a resource does not have is not allowed': async ({ api, core }) => {
    refused(await api.post(core('configmaps/some'), {}), 405, 'MethodNotAllowed');
  },
  'without credentials nothing is told of objects': async ({ api, core }) => {
    const { status } = await api.send('GET', core('pods'), { anonymous: true });
    assert.ok(status === 401 || status === 403, String(status));
  },
  'a wrong token is unauthorized': async ({ api, core }) => {
    const headers = { authorization: 'Bearer wrong' };
    refused(await api.send('GET', core('pods'), { anonymous: true, headers }), 401, 'Unauthorized');
  },
  'one may ask what one may do': async ({ api, namespace }) => {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { namespace, verb: 'create', resource: 'pods' } },
    };
    const { status } = ok(await api.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review));
    assert.equal(status.allowed, true);
  },
});
