import { deepEqual, equal, match } from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deploymentOf, podOf } from '../testing/objects.ts';
import { openTestServer, type TestServer } from '../testing/test-server.ts';

const PODS = '/api/v1/namespaces/shop/pods';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments';
const CONFIG_MAPS = '/api/v1/namespaces/shop/configmaps';

let server: TestServer;
before(async () => {
  server = await openTestServer();
  await server.api.create('ConfigMap', { metadata: { name: 'patched', namespace: 'shop' }, data: { A: '1' } });
});
after(() => server.close());

describe('bad input', () => {
  const cases: [string, string, string, unknown, Record<string, string>, number, string, RegExp][] = [
    ['malformed JSON', 'POST', PODS, '{"kind":', {}, 400, 'BadRequest', /json parse error/],
    [
      'malformed YAML',
      'POST',
      PODS,
      'a: [',
      { 'content-type': 'application/yaml' },
      400,
      'BadRequest',
      /yaml parse error/,
    ],
    ...(['no-slash', '/spec/~2', '/metadata/annotations/a/b', '/spec/containers/seven/image'] as const).map(
      (path): (typeof cases)[number] => [
        `a JSON patch that points at ${path}`,
        'PATCH',
        `${CONFIG_MAPS}/patched`,
        JSON.stringify([{ op: 'replace', path, value: 'x' }]),
        { 'content-type': 'application/json-patch+json' },
        422,
        'Invalid',
        /operation 0 of the JSON patch fails/,
      ],
    ),
    ['a body that is no object', 'POST', PODS, '[]', {}, 400, 'BadRequest', /not an object/],
    ['no body', 'POST', PODS, undefined, {}, 400, 'BadRequest', /parse error/],
    ['another kind', 'POST', PODS, deploymentOf('x'), {}, 422, 'Invalid', /spec\.containers: Required value/],
    [
      'a kind that says it is another',
      'POST',
      PODS,
      { kind: 'Secret' },
      {},
      400,
      'BadRequest',
      /Secret in version "v1" cannot be handled as a Pod/,
    ],
    [
      'another version',
      'POST',
      PODS,
      { apiVersion: 'v2' },
      {},
      400,
      'BadRequest',
      /does not match the expected API version/,
    ],
    [
      'another namespace',
      'POST',
      PODS,
      { metadata: { name: 'a', namespace: 'b' } },
      {},
      400,
      'BadRequest',
      /does not match the namespace/,
    ],
    [
      'a bad name',
      'POST',
      PODS,
      podOf('Not_A_Name'),
      {},
      422,
      'Invalid',
      /metadata\.name: Invalid value: "Not_A_Name"/,
    ],
    ['no name', 'POST', PODS, { spec: podOf('x').spec }, {}, 422, 'Invalid', /name or generateName is required/],
    [
      'a wrong type',
      'POST',
      PODS,
      podOf('x', { priority: 'high' }),
      {},
      400,
      'BadRequest',
      /spec\.priority of type int32/,
    ],
    ...(
      [
        ['a time that is none', 'leases', { renewTime: '1' }, 400, /field spec\.renewTime of type time/],
        ['a number that is too large', 'pods', { activeDeadlineSeconds: 1e300 }, 400, /of type int64/],
        [
          'a selector with an operator that is none',
          'poddisruptionbudgets',
          { selector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } },
          422,
          /operator: Unsupported value: "Is"/,
        ],
      ] as const
    ).map(([title, plural, spec, status, message]): (typeof cases)[number] => {
      const group = { leases: 'apis/coordination.k8s.io/v1', poddisruptionbudgets: 'apis/policy/v1', pods: 'api/v1' }[
        plural
      ];
      const body = { metadata: { name: 'x' }, spec };
      const path = `/${group}/namespaces/shop/${plural}`;
      return [title, 'POST', path, body, {}, status, status === 400 ? 'BadRequest' : 'Invalid', message];
    }),
    ...['secrets', 'configmaps'].map((plural): (typeof cases)[number] => {
      const body = { metadata: { name: 'x' }, [plural === 'secrets' ? 'data' : 'binaryData']: { a: 'p*ssw*rd' } };
      const message = /^(?!.*p\*ss).*illegal base64 data into field (data|binaryData)\.a/;
      return [
        `${plural} of no base64`,
        'POST',
        `/api/v1/namespaces/shop/${plural}`,
        body,
        {},
        400,
        'BadRequest',
        message,
      ];
    }),
    [
      'a JSON patch that grows without end',
      'PATCH',
      `${CONFIG_MAPS}/patched`,
      JSON.stringify(Array.from({ length: 40 }, (_, i) => ({ op: 'copy', from: '/data', path: `/data/${i}` }))),
      { 'content-type': 'application/json-patch+json' },
      413,
      'RequestEntityTooLarge',
      /the copies of the JSON patch too large/,
    ],
    [
      'broken protobuf',
      'POST',
      PODS,
      'k8s',
      { 'content-type': 'application/vnd.kubernetes.protobuf' },
      400,
      'BadRequest',
      /cannot be read as application\/vnd\.kubernetes\.protobuf: it does not begin with/,
    ],
    [
      'protobuf for a kind that is not of Kubernetes',
      'POST',
      '/apis/faults.breakwater.dev/v1alpha1/namespaces/shop/faults',
      'k8s',
      { 'content-type': 'application/vnd.kubernetes.protobuf' },
      415,
      'UnsupportedMediaType',
      /application\/yaml$/,
    ],
    [
      'CBOR',
      'POST',
      PODS,
      'k8s',
      { 'content-type': 'application/cbor' },
      415,
      'UnsupportedMediaType',
      /\(application\/cbor\) - accepted media types include: application\/json, .*protobuf/,
    ],
    [
      'an unknown media type to answer in',
      'GET',
      PODS,
      undefined,
      { accept: 'text/html' },
      406,
      'NotAcceptable',
      /application\/json/,
    ],
    [
      'an unknown resource',
      'GET',
      '/api/v1/namespaces/shop/gizmos',
      undefined,
      {},
      404,
      'NotFound',
      /could not find the requested resource/,
    ],
    [
      'a review of access with a text for its attributes',
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      { spec: { resourceAttributes: 'pods' } },
      {},
      400,
      'BadRequest',
      /field spec\.resourceAttributes/,
    ],
    ['an unknown group', 'GET', '/apis/gizmo.io/v1/gizmos', undefined, {}, 404, 'NotFound', /could not find/],
    ['an unknown object', 'GET', `${PODS}/nobody`, undefined, {}, 404, 'NotFound', /pods "nobody" not found/],
    ['an unknown subresource', 'GET', `${PODS}/nobody/gizmo`, undefined, {}, 404, 'NotFound', /could not find/],
    ['a broken path', 'GET', `${PODS}/%zz`, undefined, {}, 400, 'BadRequest', /percent-encoding/],
    ['a method nothing has', 'PUT', PODS, podOf('x'), {}, 405, 'MethodNotAllowed', /does not allow this method/],
    [
      'a patch type nobody knows',
      'PATCH',
      `${PODS}/x`,
      '{}',
      { 'content-type': 'text/plain' },
      415,
      'UnsupportedMediaType',
      /merge-patch/,
    ],
    [
      'server-side apply by nobody',
      'PATCH',
      `${PODS}/x`,
      '{}',
      { 'content-type': 'application/apply-patch+yaml' },
      422,
      'Invalid',
      /fieldManager: Required value/,
    ],
    [
      'a label selector that cannot be read',
      'GET',
      `${PODS}?labelSelector=a%3D(b`,
      undefined,
      {},
      400,
      'BadRequest',
      /label selector/,
    ],
    [
      'a field that cannot be selected by',
      'GET',
      `${PODS}?fieldSelector=spec.x%3D1`,
      undefined,
      {},
      400,
      'BadRequest',
      /field label not supported/,
    ],
    ['a dry run of some kind', 'POST', `${PODS}?dryRun=Some`, podOf('x'), {}, 422, 'Invalid', /dryRun/],
    [
      'a validation of some kind',
      'POST',
      `${PODS}?fieldValidation=Hard`,
      podOf('x'),
      {},
      422,
      'Invalid',
      /"Ignore", "Strict", "Warn"/,
    ],
    [
      'a revision from the future',
      'GET',
      `${PODS}?resourceVersion=9000000000000000`,
      undefined,
      {},
      504,
      'Timeout',
      /Too large/,
    ],
    [
      'a grace period that is none',
      'DELETE',
      `${PODS}/x`,
      { gracePeriodSeconds: 'soon' },
      {},
      400,
      'BadRequest',
      /gracePeriodSeconds/,
    ],
  ];
  for (const [title, method, path, body, headers, status, reason, message] of cases) {
    it(`such as ${title} is answered with ${status} ${reason}`, async () => {
      const answer = await server.send(method, path, body, headers);
      const { kind, reason: given, code, message: text } = answer.json();
      deepEqual([answer.status, kind, given, code], [status, 'Status', reason, status]);
      match(text, message);
      deepEqual((await server.send('GET', PODS)).json().items, []);
    });
  }

  for (const [title, headers] of [
    ['50 MB', {}],
    ['50 MB in chunks', { 'transfer-encoding': 'chunked' }],
  ] as const) {
    it(`such as ${title} is answered with 413 RequestEntityTooLarge`, async () => {
      const body = { metadata: { name: 'big' }, data: { a: 'x'.repeat(50 * 1024 * 1024) } };
      const { status, json } = await server.send('POST', CONFIG_MAPS, body, headers);
      deepEqual([status, json().reason], [413, 'RequestEntityTooLarge']);
    });
  }

  it('such as more than anyone will read is refused unread', async () => {
    const headers = { 'content-length': String(100 * 1024 * 1024), expect: '100-continue' };
    equal((await server.send('POST', CONFIG_MAPS, undefined, headers)).status, 413);
  });
});

describe('unknown fields', () => {
  const typo = { ...deploymentOf('typo'), spec: { ...deploymentOf('typo').spec, replcas: 3 } };

  it('are an error under Strict', async () => {
    const { status, json } = await server.send('POST', `${DEPLOYMENTS}?fieldValidation=Strict`, typo);
    equal(status, 400);
    match(json().message, /cannot be handled as a Deployment: strict decoding error: unknown field "spec.replcas"$/);
  });

  it('are a warning under Warn, and nothing under Ignore, and never get in', async () => {
    for (const [validation, warning] of [
      ['Warn', '299 - "unknown field \\"spec.replcas\\""'],
      ['Ignore', undefined],
    ] as const) {
      const { status, headers, json } = await server.send(
        'POST',
        `${DEPLOYMENTS}?dryRun=All&fieldValidation=${validation}`,
        typo,
      );
      deepEqual([status, headers.warning, 'replcas' in json().spec], [201, warning, false]);
    }
  });
});

describe('fields without effect', () => {
  const pod = podOf('anchored', { priorityClassName: 'high', nodeName: 'n1' });
  const warning = /^299 - "spec\.priorityClassName: has no effect in this cluster: nothing is preempted"$/;

  it('are a warning, whoever writes the object', async () => {
    match(String((await server.send('POST', PODS, pod)).headers.warning), warning);
    const patch = { metadata: { labels: { seen: 'yes' } } };
    const merge = { 'content-type': 'application/merge-patch+json' };
    match(String((await server.send('PATCH', `${PODS}/anchored`, patch, merge)).headers.warning), warning);
    equal((await server.send('PATCH', `${PODS}/anchored/status`, { status: {} }, merge)).headers.warning, undefined);
    await server.api.delete('Pod', 'anchored', 'shop', { gracePeriodSeconds: 0 });
  });
});
