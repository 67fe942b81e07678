import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { startApi } from './testing/api-server.ts';

let api: Awaited<ReturnType<typeof startApi>>;
before(async () => void (api = await startApi()));
after(() => api.close());

const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const resource = { attributes: [attribute('service.name', 'orders'), attribute('service.namespace', 'shop')] };
const nano = () => `${Date.now() - 1000}000000`;
const traceId = 'ab'.repeat(16);

describe('what services log and measure', () => {
  test('a log record is found by its trace, and by no other', async () => {
    const record = (body: string, id: string) => ({
      ...{ timeUnixNano: nano(), severityNumber: 17, severityText: 'ERROR', body: { stringValue: body } },
      ...{ traceId: id, spanId: 'cd'.repeat(8), attributes: [attribute('order', '7')] },
    });
    const logRecords = [record('the bank did not answer', traceId.toUpperCase()), record('another', 'ef'.repeat(16))];
    const sent = await api.json('POST', '/v1/logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });
    assert.deepEqual(sent, { status: 200, body: {} });

    const { body } = await api.json('GET', `/api/logs?trace=${traceId}`);
    assert.deepEqual(
      body.logs.map(({ at: _, ...rest }: { at: number }) => rest),
      [
        {
          ...{ service: 'orders', pod: null, severity: 17, severityText: 'ERROR', body: 'the bank did not answer' },
          ...{ traceId, spanId: 'cd'.repeat(8), attributes: { order: '7' } },
        },
      ],
    );
    assert.deepEqual((await api.json('GET', `/api/logs?trace=${'0'.repeat(32)}`)).body, { logs: [] });
    assert.equal((await api.json('GET', '/api/logs?severity=18&service=orders')).body.logs.length, 0);
    assert.equal((await api.json('GET', '/api/logs?severity=25')).status, 422);
  });

  test('a metric of any name is found by its service and name, histograms by their sum and count', async () => {
    const times = { startTimeUnixNano: nano(), timeUnixNano: nano() };
    const metrics = [
      { name: 'queue.depth', gauge: { dataPoints: [{ ...times, asInt: '12' }] } },
      {
        name: 'batch.size',
        histogram: { aggregationTemporality: 2, dataPoints: [{ ...times, count: '4', sum: 100, attributes: [] }] },
      },
    ];
    const request = { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] };
    assert.deepEqual(await api.json('POST', '/v1/metrics', request), { status: 200, body: {} });

    const found = async (query: string) =>
      (await api.json('GET', `/api/metrics?${query}`)).body.metrics.map(
        ({ name, kind, points }: { name: string; kind: string; points: { value: number; count: number | null }[] }) =>
          [name, kind, points.at(-1)?.value, points.at(-1)?.count] as const,
      );
    assert.deepEqual(await found('service=orders&name=queue.depth'), [['queue.depth', 'gauge', 12, null]]);
    assert.deepEqual(await found('name=batch.size'), [['batch.size', 'histogram', 100, 4]]);
    assert.deepEqual(await found('service=payments'), []);
  });
});

test('what another scope sends is asked for by its name, and is in no answer without it', async () => {
  const resource = { attributes: [attribute('service.name', 'web'), attribute('service.namespace', 'lane-b')] };
  const then = `${Date.now() - 5000}000000`;
  const times = { startTimeUnixNano: then, timeUnixNano: then, endTimeUnixNano: then };
  const id = { traceId: '9'.repeat(32), spanId: '9'.repeat(16) };
  const sent = await Promise.all([
    api.json('POST', '/v1/traces', {
      resourceSpans: [{ resource, scopeSpans: [{ spans: [{ ...times, ...id, name: 'GET /', kind: 2 }] }] }],
    }),
    api.json('POST', '/v1/logs', {
      resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{ ...times, ...id, body: { stringValue: 'served' } }] }] }],
    }),
    api.json('POST', '/v1/metrics', {
      resourceMetrics: [
        { resource, scopeMetrics: [{ metrics: [{ name: 'up', gauge: { dataPoints: [{ ...times, asInt: '1' }] } }] }] },
      ],
    }),
  ]);
  assert.deepEqual([...new Set(sent.map(({ status }) => status))], [200]);
  const paths: [path: string, count: (body: never) => number][] = [
    ['/api/traces?service=web', ({ traces }: { traces: [] }) => traces.length],
    ['/api/logs?service=web', ({ logs }: { logs: [] }) => logs.length],
    ['/api/metrics?service=web', ({ metrics }: { metrics: [] }) => metrics.length],
    ['/api/signals?id=web', ({ series }: { series: { points: [] }[] }) => series[0]!.points.length],
    [
      '/api/topology?',
      ({ services }: { services: { name: string }[] }) => services.filter((s) => s.name === 'web').length,
    ],
  ];
  for (const [path, count] of paths) {
    const own = await api.json('GET', path);
    const other = await api.json('GET', `${path}&scope=lane-b`);
    assert.deepEqual([own.status, count(own.body as never)], [200, 0], path);
    assert.deepEqual([other.status, count(other.body as never) > 0], [200, true], path);
  }
  assert.equal((await api.json('GET', `/api/traces/${id.traceId}`)).status, 404);
  assert.equal((await api.json('GET', `/api/traces/${id.traceId}?scope=lane-b`)).body.tree.length, 1);
});

test('while 64 bodies are on their way, the next is answered 503 with Retry-After, and taken when they are gone', async () => {
  const head =
    'POST /v1/traces HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{';
  const sockets = await Promise.all(
    Array.from({ length: 64 }, async () => {
      const socket = connect(api.port, '127.0.0.1').on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(head);
      return socket;
    }),
  );
  const send = () => api.ask('POST', '/v1/traces', '{}');
  let answer = await send();
  for (const end = Date.now() + 5000; answer.status !== 503 && Date.now() < end;) answer = await send();
  assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '1']);
  for (const socket of sockets) socket.destroy();
  for (const end = Date.now() + 5000; answer.status !== 200 && Date.now() < end;) answer = await send();
  assert.equal(answer.status, 200);
});
