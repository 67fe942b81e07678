import assert from 'node:assert/strict';
import { topic } from '../case.ts';
import { invalid, ok, refused } from '../expect.ts';
import { configMap, deployment, idle, pod } from '../objects.ts';

export const create = topic('create', {
  'answers 201 with what the server filled in': async ({ api, core, namespace }) => {
    const { status, body } = await api.post(core('configmaps'), configMap('some'));
    assert.equal(status, 201);
    const { metadata } = body;
    assert.equal(metadata.namespace, namespace);
    assert.match(metadata.uid, /^[0-9a-f-]{36}$/);
    assert.match(metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(metadata.resourceVersion, /^\d+$/);
  },
  'a spec starts at generation 1': async ({ api, apps }) => {
    assert.equal(ok(await api.post(apps('deployments'), deployment('some', 0))).metadata.generation, 1);
  },
  'a name that exists is answered with 409': async ({ api, core }) => {
    ok(await api.post(core('configmaps'), configMap('some')));
    const { details } = refused(await api.post(core('configmaps'), configMap('some')), 409, 'AlreadyExists');
    assert.equal(details.name, 'some');
    assert.equal(details.kind, 'configmaps');
  },
  'an object without a name is invalid': async ({ api, core }) => {
    invalid(await api.post(core('configmaps'), { ...configMap('x'), metadata: {} }), 'metadata.name');
  },
  'a name must be a DNS name': async ({ api, core }) => {
    invalid(await api.post(core('configmaps'), configMap('Not_A_Name')), 'metadata.name');
  },
  'a Service name must be a DNS label': async ({ api, core }) => {
    const some = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a.b' }, spec: { ports: [{ port: 80 }] } };
    invalid(await api.post(core('services'), some), 'metadata.name');
  },
  'generateName is given an end of its own': async ({ api, core }) => {
    const some = { ...configMap('x'), metadata: { generateName: 'some-' } };
    const [one, two] = [ok(await api.post(core('configmaps'), some)), ok(await api.post(core('configmaps'), some))];
    assert.match(one.metadata.name, /^some-[a-z0-9]{5}$/);
    assert.notEqual(one.metadata.name, two.metadata.name);
  },
  'a label must be a label': async ({ api, core }) => {
    const some = configMap('some', {}, { labels: { app: 'not a label' } });
    invalid(await api.post(core('configmaps'), some), 'metadata.labels');
  },
  'the namespace of the path and of the object must agree': async ({ api, core }) => {
    const some = configMap('some', {}, { namespace: 'elsewhere' });
    refused(await api.post(core('configmaps'), some), 400, 'BadRequest');
  },
  'a kind that is not the path’s is refused': async ({ api, core }) => {
    refused(await api.post(core('configmaps'), pod('some', idle)), 400, 'BadRequest');
  },
  'a body that is not JSON is refused': async ({ api, core }) => {
    refused(await api.post(core('configmaps'), '{"apiVersion":'), 400, 'BadRequest');
  },
  'YAML is understood too': async ({ api, core }) => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: some\ndata:\n  color: blue\n';
    const headers = { 'content-type': 'application/yaml' };
    assert.equal(ok(await api.send('POST', core('configmaps'), { body, headers })).data.color, 'blue');
  },
  'a media type that nobody speaks is 415': async ({ api, core }) => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await api.send('POST', core('configmaps'), { body: configMap('some'), headers });
    refused(answer, 415, 'UnsupportedMediaType');
  },
  'where no answer could be accepted nothing is created': async ({ api, core }) => {
    const headers = { accept: 'image/png' };
    refused(await api.send('POST', core('configmaps'), { body: configMap('some'), headers }), 406, 'NotAcceptable');
    refused(await api.get(core('configmaps/some')), 404, 'NotFound');
  },
  'into a namespace that does not exist is not found': async ({ api }) => {
    refused(await api.post('/api/v1/namespaces/no-such-namespace/configmaps', configMap('some')), 404, 'NotFound');
  },
  'a status is not taken from a creator': async ({ api, apps }) => {
    const some = { ...deployment('some', 0), status: { replicas: 7 } };
    assert.notEqual(ok(await api.post(apps('deployments'), some)).status.replicas, 7);
  },
  'a dry run answers the object and keeps nothing': async ({ api, core }) => {
    const { metadata } = ok(await api.post(core('configmaps?dryRun=All'), configMap('some')));
    assert.ok(metadata.uid);
    refused(await api.get(core('configmaps/some')), 404, 'NotFound');
  },
  'a dry run is checked like any other': async ({ api, core }) => {
    invalid(await api.post(core('configmaps?dryRun=All'), configMap('Not_A_Name')), 'metadata.name');
  },
  'only All is a dry run': async ({ api, core }) => {
    const answer = await api.post(core('configmaps?dryRun=Some'), configMap('some'));
    assert.ok(answer.status === 400 || answer.status === 422, answer.text);
  },
  'an unknown field is refused where validation is strict': async ({ api, core }) => {
    const some = { ...configMap('some'), colour: 'blue' };
    const { message } = refused(await api.post(core('configmaps?fieldValidation=Strict'), some), 400, 'BadRequest');
    assert.match(message, /unknown field "colour"/);
  },
  'an unknown field is warned of by default, and dropped': async ({ api, core }) => {
    const answer = await api.post(core('configmaps'), { ...configMap('some'), colour: 'blue' });
    assert.match(String(answer.headers.warning), /unknown field \\?"colour\\?"/);
    assert.equal(ok(answer).colour, undefined);
  },
  'an unknown field is dropped in silence where validation is off': async ({ api, core }) => {
    const answer = await api.post(core('configmaps?fieldValidation=Ignore'), { ...configMap('some'), colour: 'blue' });
    assert.equal(ok(answer).colour, undefined);
    assert.equal(answer.headers.warning, undefined);
  },
  'a field that stands twice is refused where validation is strict': async ({ api, core }) => {
    const body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"some"},"data":{"a":"1","a":"2"}}';
    refused(await api.post(core('configmaps?fieldValidation=Strict'), body), 400, 'BadRequest');
  },
  'a value of the wrong type is refused': async ({ api, apps }) => {
    const some = deployment('some', 0);
    some.spec.replicas = 'two';
    const { status } = await api.post(apps('deployments'), some);
    assert.equal(status, 400);
  },
  'a ConfigMap’s keys are file names': async ({ api, core }) => {
    invalid(await api.post(core('configmaps'), configMap('some', { 'not/a/key': 'x' })), 'data[not/a/key]');
  },
  'stringData of a Secret becomes data': async ({ api, core }) => {
    const some = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'some' }, stringData: { word: 'open' } };
    const secret = ok(await api.post(core('secrets'), some));
    assert.equal(secret.data.word, Buffer.from('open').toString('base64'));
    assert.equal(secret.stringData, undefined);
    assert.equal(secret.type, 'Opaque');
  },
});
