import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect } from 'node:net';
import type { z } from '@hono/zod-openapi';
import { errorKinds } from '../contract/errors.ts';
import { startApi } from './testing/api-server.ts';

let api: Awaited<ReturnType<typeof startApi>>;
before(async () => {
  api = await startApi();
  await api.json('POST', '/v1/traces', failedOrder());
});
after(() => api.close());

/** An order of 3 s that failed at the bank, as a pod reports it. */
const failedOrder = () => ({
  resourceSpans: [
    {
      resource: {
        attributes: [
          { key: 'service.name', value: { stringValue: 'payments' } },
          { key: 'k8s.namespace.name', value: { stringValue: 'shop' } },
        ],
      },
      scopeSpans: [
        {
          spans: [
            {
              traceId: 'f'.repeat(32),
              spanId: 'f'.repeat(16),
              name: 'POST /charges',
              kind: 2,
              startTimeUnixNano: `${Date.now() - 5000}000000`,
              endTimeUnixNano: `${Date.now() - 2000}000000`,
              attributes: [{ key: 'http.response.status_code', value: { intValue: 502 } }],
              status: { code: 2 },
            },
            {
              ...{ traceId: 'f'.repeat(32), spanId: 'e'.repeat(16), name: 'POST', kind: 3, status: { code: 2 } },
              startTimeUnixNano: `${Date.now() - 5000}000000`,
              endTimeUnixNano: `${Date.now() - 2000}000000`,
              attributes: [{ key: 'server.address', value: { stringValue: 'bank' } }],
            },
          ],
        },
      ],
    },
  ],
});

const codeOf = (answer: { body: string }) => JSON.parse(answer.body).error?.code as string;

const good: [method: string, path: string, status: number, body?: unknown][] = [
  ['GET', '/api/state', 200],
  ['GET', '/api/cluster', 200],
  ['GET', '/api/topology', 200],
  ['GET', '/api/events', 200],
  ['GET', '/api/ledger', 200],
  ['GET', '/api/load', 200],
  ['PUT', '/api/load', 200, { rate: 60 }],
  ['GET', '/api/signals?id=gateway', 200],
  ['GET', '/api/signals?id=gateway&id=payments%3Ebank&seconds=10', 200],
  ['GET', '/api/traces', 200],
  ['GET', `/api/traces/${'f'.repeat(32)}`, 200],
  ['GET', '/api/traces?limit=5&error=true&slow=100&service=orders', 200],
  ['GET', '/api/logs?service=orders&severity=13&text=bank', 200],
  ['GET', '/api/logs?pod=orders-1&trace=abc', 200],
  ['GET', '/api/log-agents', 200],
  ['GET', '/api/history', 200],
  ['GET', '/api/history/1800000000000', 200],
  ['GET', '/api/topology?scope=shop', 200],
  ['GET', '/api/signals?id=gateway&scope=shop', 200],
  ['GET', `/api/traces/${'f'.repeat(32)}?scope=shop`, 200],
  ['GET', '/api/metrics?service=orders&limit=5', 200],
  ['GET', '/api/patterns', 200],
  ['PUT', '/api/patterns/timeout', 200, { option: '500ms' }],
  ['PUT', '/api/patterns', 200, { patterns: { timeout: '500ms' } }],
  ['GET', '/api/patterns/timeout/diff?option=none', 200],
  ['GET', '/api/commits', 200],
  ['GET', '/api/drifts', 200],
  ['GET', '/api/policies', 200],
  ['GET', '/api/sync', 200],
  ['POST', `/api/commits/${'c0ffee'.padEnd(40, '0')}/revert`, 200],
  ['GET', '/api/changes', 200],
  ['GET', '/api/faults/catalogue', 200],
  ['GET', '/api/faults', 200],
  ['POST', '/api/faults', 201, { kind: 'bank-slow', target: 'bank', duration: 5 }],
  ['DELETE', '/api/faults', 200],
  ['POST', '/api/faults/release', 200],
  ['POST', '/api/faults', 201, { kind: 'bank-slow', target: 'bank' }],
  ['GET', '/api/faults', 200],
  ['GET', '/api/labs', 200],
  ['POST', '/api/labs/04-circuit-breaker/start', 200],
  ['GET', '/api/labs/04-circuit-breaker', 200],
  ['POST', '/api/labs/04-circuit-breaker/step', 200, { index: 0 }],
  ['POST', '/api/labs/04-circuit-breaker/predict', 200, { option: 'bank' }],
  ['GET', '/api/labs/04-circuit-breaker/guide', 200],
  ['GET', '/api/labs/04-circuit-breaker/facts', 200],
  ['POST', '/api/labs/04-circuit-breaker/hint', 200],
  ['POST', '/api/labs/04-circuit-breaker/show-me', 200],
  ['POST', '/api/labs/04-circuit-breaker/reset-step', 200],
  ['POST', '/api/labs/04-circuit-breaker/events', 200, { type: 'recap-read' }],
  ['GET', '/api/state', 200],
];

/** The route of a request, as it is registered and described. */
function routeOf(method: string, path: string) {
  const bare = path.split('?')[0]!;
  for (const definition of api.app.openAPIRegistry.definitions) {
    if (definition.type !== 'route' || definition.route.method.toUpperCase() !== method) continue;
    // Routes without parameters are registered before those that would take them for an id.
    if (new RegExp(`^${definition.route.path.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(bare)) return definition.route;
  }
  return assert.fail(`${method} ${bare} is not described`);
}

for (const [method, path, status, body] of good) {
  test(`${method} ${path} answers ${status}, with what its description says and nothing else`, async () => {
    const answer = await api.json(method, path, body);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    const described = routeOf(method, path).responses[status] as {
      content: { 'application/json': { schema: z.ZodType } };
    };
    assert.deepEqual(described.content['application/json'].schema.parse(answer.body), answer.body);
  });
}

const manyChoices = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`pattern-${index}`, 'on']));

const bad: [method: string, path: string, status: number, code: string, body?: unknown][] = [
  ['GET', '/api', 404, 'unknown-path'],
  ['GET', '/api/nothing', 404, 'unknown-path'],
  ['PUT', '/api/load', 422, 'out-of-range', { rate: 501 }],
  ['PUT', '/api/load', 422, 'invalid-request', { rate: 'many' }],
  ['PUT', '/api/load', 422, 'invalid-request', { rate: 5, extra: 1 }],
  ['PUT', '/api/load', 422, 'invalid-request', []],
  ['PUT', '/api/load', 422, 'invalid-request'],
  ['GET', '/api/signals', 422, 'invalid-request'],
  ['GET', '/api/signals?id=gateway&seconds=901', 422, 'invalid-request'],
  ['GET', '/api/history/yesterday', 422, 'invalid-request'],
  ['GET', '/api/logs?scope=nowhere', 404, 'unknown-scope'],
  ['GET', '/api/topology?scope=nowhere', 404, 'unknown-scope'],
  ['GET', '/api/traces?limit=0', 422, 'invalid-request'],
  ['GET', '/api/traces?error=maybe', 422, 'invalid-request'],
  ['GET', '/api/traces?to=yesterday', 422, 'invalid-request'],
  ['GET', '/api/traces/0123', 404, 'unknown-trace'],
  ['PUT', '/api/patterns/teleport', 404, 'unknown-pattern', { option: 'on' }],
  ['PUT', '/api/patterns/timeout', 422, 'unknown-option', { option: '4s' }],
  ['PUT', '/api/patterns/timeout', 422, 'unknown-option', { option: 4 }],
  ['PUT', '/api/patterns/timeout', 422, 'invalid-request', { option: true }],
  ['PUT', '/api/patterns/timeout', 422, 'invalid-request', { option: [4] }],
  ['PUT', '/api/patterns', 404, 'unknown-pattern', { patterns: { timeout: '500ms', teleport: 'on' } }],
  ['PUT', '/api/patterns', 422, 'unknown-option', { patterns: { timeout: 4 } }],
  ['PUT', '/api/patterns', 422, 'invalid-request', { timeout: '500ms' }],
  ['PUT', '/api/patterns', 422, 'invalid-request', { patterns: ['timeout'] }],
  ['PUT', '/api/patterns', 422, 'invalid-request', { patterns: manyChoices }],
  ['GET', '/api/patterns/timeout/diff?option=4s', 422, 'unknown-option'],
  ['POST', `/api/commits/${'0'.repeat(40)}/revert`, 404, 'unknown-commit'],
  ['POST', '/api/commits/HEAD/revert', 422, 'invalid-request'],
  ['GET', '/api/patterns/timeout/diff', 422, 'invalid-request'],
  ['POST', '/api/faults', 422, 'unknown-fault-kind', { kind: 'meteor', target: 'bank' }],
  ['POST', '/api/faults', 422, 'unknown-target', { kind: 'bank-slow', target: 'moon' }],
  ['POST', '/api/faults', 422, 'out-of-range', { kind: 'bank-slow', target: 'bank', parameters: { delayMs: -1 } }],
  ['POST', '/api/faults', 422, 'invalid-request', { kind: 'bank-slow' }],
  ['DELETE', '/api/faults/bank-slow-1', 404, 'unknown-fault'],
  ['POST', '/api/labs/99-nothing/start', 404, 'unknown-lab'],
  ['GET', '/api/labs/99-nothing', 404, 'unknown-lab'],
  ['POST', '/api/labs/04-circuit-breaker/step', 422, 'invalid-request', { index: -1 }],
  ['POST', '/api/labs/04-circuit-breaker/answer', 422, 'invalid-request', { question: 'why', answer: 'so' }],
  ['GET', '/api/labs/99-nothing/guide', 404, 'unknown-lab'],
  ['POST', '/api/labs/04-circuit-breaker/events', 422, 'invalid-request', { type: 'cheered' }],
];

for (const [method, path, status, code, body] of bad) {
  test(`${method} ${path} with ${JSON.stringify(body)} is refused as ${code}, and changes nothing`, async () => {
    const before = await api.json('GET', '/api/state');
    const answer = await api.json(method, path, body);
    assert.deepEqual([answer.status, answer.body.error.code], [status, code]);
    assert.ok(answer.body.error.message.length > 10 && answer.body.error.action.length > 10);
    assert.deepEqual(await api.json('GET', '/api/state'), before);
  });
}

test('traces are listed with and without an error, and either kind alone when asked for', async () => {
  const errors = async (query: string) =>
    ((await api.json('GET', `/api/traces${query}`)).body.traces as { error: boolean }[]).map(({ error }) => error);
  assert.deepEqual(await errors(''), [true]);
  assert.deepEqual(await errors('?error=true'), [true]);
  assert.deepEqual(await errors('?error=false'), []);
});

test('traces are listed as they were at a moment: only those that had begun', async () => {
  const began = async (query: string) =>
    ((await api.json('GET', `/api/traces${query}`)).body.traces as { startedAt: number }[]).map(
      (each) => each.startedAt,
    );
  const [at] = await began('');
  assert.deepEqual(await began(`?to=${at}`), [at]);
  assert.deepEqual(await began(`?to=${at! - 1}`), []);
});

test('a method that is not offered is answered with those that are', async () => {
  for (const [method, path, allow] of [
    ['DELETE', '/api/load', 'GET, HEAD, PUT'],
    ['POST', '/api/patterns/timeout', 'PUT'],
    ['OPTIONS', '/api/faults', 'DELETE, GET, HEAD, POST'],
    ['POST', '/api/openapi.json', 'GET, HEAD'],
    ['DELETE', '/metrics', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
  ] as const) {
    const answer = await api.ask(method, path);
    assert.deepEqual([answer.status, codeOf(answer), answer.headers.allow], [405, 'method-not-allowed', allow], path);
  }
});

test('malformed JSON and YAML are refused with the place of the mistake', async () => {
  const json = await api.ask('PUT', '/api/load', '{"rate": 6');
  assert.deepEqual([json.status, codeOf(json)], [400, 'malformed-json']);
  const yaml = await api.ask('PUT', '/api/load', 'rate: [6', { 'content-type': 'application/yaml' });
  assert.deepEqual([yaml.status, codeOf(yaml)], [400, 'malformed-yaml']);
  assert.match(yaml.body, /line 1/);
});

test('YAML is taken as well as JSON', async () => {
  const answer = await api.ask('PUT', '/api/load', 'rate: 70 # of browsing', { 'content-type': 'application/yaml' });
  assert.deepEqual([answer.status, JSON.parse(answer.body).rate], [200, 70]);
});

test('YAML that unfolds to a million nodes is refused', async () => {
  const levels = 'abcdefgh'.split('').map((name, n, all) => {
    return `${name}: &${name} [${Array(10)
      .fill(n ? `*${all[n - 1]}` : '0')
      .join(',')}]`;
  });
  const answer = await api.ask('PUT', '/api/load', levels.join('\n'), { 'content-type': 'application/yaml' });
  assert.deepEqual([answer.status, codeOf(answer)], [400, 'malformed-yaml']);
});

test('other media types are refused', async () => {
  const answer = await api.ask('PUT', '/api/load', 'rate=6', { 'content-type': 'application/x-www-form-urlencoded' });
  assert.deepEqual([answer.status, codeOf(answer)], [415, 'unsupported-media-type']);
});

test('a body of 50 MB is refused by its announced length, before it is sent', async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(api.port, '127.0.0.1');
    let received = '';
    socket.write('PUT /api/load HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n');
    socket.write('content-length: 52428800\r\n\r\n{');
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
  assert.match(answer, /^HTTP\/1.1 413 /);
  assert.match(answer, /body-too-large/);
});

test('a body of 50 MB of unknown length is refused without being kept in memory', async () => {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  const memory = process.memoryUsage().arrayBuffers;
  const { answer, sent } = await new Promise<{ answer: string; sent: number }>((resolve) => {
    const socket = connect(api.port, '127.0.0.1');
    let received = '';
    let sent = 0;
    const done = () => resolve({ answer: received, sent });
    socket.write('PUT /api/load HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n');
    socket.write('transfer-encoding: chunked\r\n\r\n');
    const send = () => {
      while (sent < 50 * 1024 * 1024 && !socket.destroyed) {
        sent += chunk.length;
        if (!socket.write(`10000\r\n${chunk.toString()}\r\n`)) return void socket.once('drain', send);
      }
    };
    socket.on('data', (bytes: Buffer) => (received += bytes.toString()));
    socket.on('error', done); // the server resets it while we still send
    socket.on('close', done);
    send();
  });
  assert.match(answer, /^HTTP\/1.1 413 /);
  assert.ok(sent < 50 * 1024 * 1024, `${sent} bytes were taken`);
  assert.ok(process.memoryUsage().arrayBuffers - memory < 20 * 1024 * 1024);
});

test('OTLP bodies have the same fate, in the words of their protocol', async () => {
  const answer = await api.ask('POST', '/v1/traces', Buffer.alloc(8 * 1024 * 1024), {
    'content-type': 'application/x-protobuf',
  });
  assert.equal(answer.status, 413);
  assert.equal((await api.ask('POST', '/v1/traces', '{"resourceSpans": 1}')).status, 400);
  assert.equal((await api.ask('POST', '/v1/traces', '{}')).status, 200);
});

test('foreign host names are refused, those of the loopback are not, and the configured ones want the access code', async () => {
  for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.1:4000', '127.0.0.1.evil.example']) {
    const answer = await api.ask('GET', '/api/load', undefined, { host });
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'host-not-allowed'], host);
  }
  for (const host of ['localhost:9', 'LOCALHOST', '127.0.0.1', '[::1]:4000']) {
    assert.equal((await api.ask('GET', '/api/load', undefined, { host })).status, 200, host);
  }
  const named = await api.ask('GET', '/api/load', undefined, { host: 'lab.example' });
  assert.deepEqual([named.status, codeOf(named)], [401, 'access-code-needed']);
});

test('pods may name the server by its Service, for telemetry alone', async () => {
  assert.equal((await api.ask('POST', '/v1/traces', '{}', { host: 'telemetry:4318' })).status, 200);
  assert.equal((await api.ask('POST', '/v1/traces', '{}', { host: 'telemetry.shop.svc:4318' })).status, 200);
  assert.equal((await api.ask('GET', '/api/load', undefined, { host: 'telemetry:4318' })).status, 403);
  assert.equal((await api.ask('POST', '/v1/traces', '{}', { host: 'telemetry.evil.example' })).status, 403);
});

test('foreign pages may not change anything', async () => {
  for (const origin of ['http://evil.example', 'null', 'http://localhost:1']) {
    const answer = await api.ask('PUT', '/api/load', '{"rate":1}', { origin, host: 'localhost:4000' });
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'origin-not-allowed'], origin);
  }
  const own = { origin: 'http://localhost:4000', host: 'localhost:4000' };
  assert.equal((await api.ask('PUT', '/api/load', '{"rate":60}', own)).status, 200);
});

test('every answer carries the security headers, errors and the page too', async () => {
  for (const path of ['/api/load', '/api/nothing', '/', '/metrics', '/healthz']) {
    const { headers } = await api.ask('GET', path);
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, path);
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    assert.equal(headers['referrer-policy'], 'no-referrer', path);
  }
});

test('the health, the metrics, the manifests and the page answer in their own formats', async () => {
  assert.equal((await api.ask('GET', '/healthz')).body, 'ok\n');
  assert.equal((await api.ask('GET', '/metrics')).headers['content-type'], 'application/openmetrics-text');
  assert.match(String((await api.ask('GET', '/api/manifests')).headers['content-type']), /yaml/);
  assert.equal((await api.ask('GET', '/labs/04-circuit-breaker')).body, 'the page');
});

test('until the system is composed the API says that it is starting', async () => {
  const starting = await startApi();
  starting.stopSystem();
  const answer = await starting.ask('GET', '/api/patterns');
  assert.deepEqual([answer.status, codeOf(answer)], [503, 'starting']);
  assert.equal((await starting.ask('GET', '/healthz')).status, 503);
  assert.equal((await starting.ask('GET', '/api/openapi.json')).status, 200);
  await starting.close();
});

test('the OpenAPI document names every route that is served, and every error code', async () => {
  const document = (await api.json('GET', '/api/openapi.json')).body;
  assert.equal(document.openapi, '3.1.0');
  const described = Object.entries(document.paths as Record<string, object>).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = api.app.routes
    .filter(({ method, path }) => method !== 'ALL' && path !== '/api/openapi.json')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  assert.deepEqual([...new Set(served)].sort(), described.sort());
  const asked = [...good, ...bad]
    .filter(([, , , code]) => code !== 'unknown-path')
    .map(([method, path]) => `${method} ${routeOf(method, path).path}`);
  assert.deepEqual([...new Set([...asked, 'GET /api/manifests'])].sort(), described.sort(), 'each is asked above');
  const codes = document.components.schemas.Error.properties.error.properties.code.description as string;
  for (const code of Object.keys(errorKinds)) assert.ok(codes.includes(`\`${code}\``), code);
});

test('no request so far was answered with an error of ours', () => {
  assert.deepEqual(api.problems, []);
});
