import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { boundedFile } from '../../service/bounded-file.ts';
import { eventually } from '../../testing/eventually.ts';
import { startLogSink } from './testing/log-sink.ts';
import { loggingThread } from './testing/logging-thread.ts';
import { startAgent } from './testing/running-agent.ts';

async function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'log-agent-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const sink = await startLogSink();
  t.after(() => sink.close());
  return { folder, sink };
}

const trace = 'ab'.repeat(16);
const line = (message: string) =>
  `${JSON.stringify({ level: 'warn', service: 'orders', message, trace_id: trace, n: 7 })}\n`;

test('a line of a file in the pod arrives with level, trace and pod; a full file and a new one lose none', async (t) => {
  const { folder, sink } = await setUp(t);
  await startAgent(t, sink.url, { LOG_SOURCE: 'pod', LOG_FOLDER: folder, LOG_DELIVERY: 'buffered' });
  const append = boundedFile(join(folder, 'service.log'), 2_000);
  append('no JSON at all\n');
  await eventually('the first', () => sink.logs.length === 1 || undefined);
  for (let i = 0; i < 30; i++) append(line(`line ${i}`));
  await eventually('all of them', () => sink.logs.length === 31 || undefined);
  assert.deepEqual(
    sink.logs.map(({ body }) => body),
    ['no JSON at all', ...Array.from({ length: 30 }, (_, i) => `line ${i}`)],
  );
  const { severity, traceId, attributes, resource } = sink.logs[1]!;
  assert.deepEqual([severity, traceId, attributes], [13, trace, { n: 7 }]);
  assert.deepEqual(
    ['service.name', 'k8s.pod.name', 'k8s.namespace.name', 'k8s.node.name'].map((name) => resource[name]),
    ['orders', 'orders-1', 'shop', 'node-1'],
  );
  await eventually('it tells its counts', () => sink.metrics['log_agent.lines.shipped'] === 31 || undefined);
});

test('on a node, it reads what all pods of its namespace print, and not what it says itself', async (t) => {
  const { folder, sink } = await setUp(t);
  const print = (pod: string, text: string) => {
    mkdirSync(join(folder, pod, 'service'), { recursive: true });
    appendFileSync(join(folder, pod, 'service', '0.log'), `2026-01-01T00:00:00.5Z stdout ${text}\n`);
  };
  print('shop_old-5d8f7c9b5d-abcde_1', 'F from before');
  await startAgent(t, sink.url, {
    ...{ LOG_SOURCE: 'node', LOG_FOLDER: folder, LOG_DELIVERY: 'buffered', POD_NAME: 'log-agent-x' },
  });
  print('shop_old-5d8f7c9b5d-abcde_1', 'F now');
  print('shop_postgres-0_2', 'P a long ');
  print('shop_postgres-0_2', 'F line');
  print('shop_log-agent-x_3', 'F The sink takes logs');
  print('elsewhere_web-0_4', 'F not ours');
  print('shop_last-0_5', 'F the last');
  await eventually('the last', () => sink.logs.length >= 3 || undefined);
  const found = sink.logs.map(({ body, resource }) => [body, resource['service.name'], resource['k8s.pod.name']]);
  assert.deepEqual(found.sort(), [
    ['a long line', 'postgres', 'postgres-0'],
    ['now', 'old', 'old-5d8f7c9b5d-abcde'],
    ['the last', 'last', 'last-0'],
  ]);
  renameSync(join(folder, 'shop_last-0_5/service/0.log'), join(folder, 'shop_last-0_5/service/0.log.1'));
  print('shop_last-0_5', 'F in the next file');
  await eventually(
    'what is in the next file',
    () => sink.logs.some(({ body }) => body === 'in the next file') || undefined,
  );
});

test('synchronous: a line is written when the sink has it; a sink that is away holds it up to a bound', async (t) => {
  const { folder, sink } = await setUp(t);
  const environment = { LOG_SOURCE: 'pod', LOG_FOLDER: folder, LOG_DELIVERY: 'synchronous', LOG_GIVE_UP_MS: '400' };
  const agent = await startAgent(t, `${sink.url}`, environment);
  const handOver = loggingThread(t, folder);
  for (let i = 0; i < 3; i++) {
    await handOver(line(`line ${i}`));
    assert.equal(sink.logs.length, i + 1, 'it has it by then');
  }
  sink.delayMs = 300;
  assert.ok((await handOver(line('late'))) >= 290, 'who logs waits for a slow sink');
  sink.delayMs = 0;
  sink.status = 503;
  const held = await handOver(line('never'));
  assert.ok(held >= 200 && held < 2_000, `given up after ${held} ms`);
  assert.equal((await agent.counts()).dropped, 1);

  await agent.kill();
  assert.ok((await handOver(line('nobody is there'))) < 200, 'without an agent nobody waits');
  sink.status = 200;
  await startAgent(t, sink.url, environment);
  await eventually('the next agent is found', async () => {
    await handOver(line('again'));
    return sink.logs.some(({ body }) => body === 'again') || undefined;
  });
});

test('buffered: a slow sink holds up nobody, and what does not fit is dropped and counted', async (t) => {
  const { folder, sink } = await setUp(t);
  const environment = { LOG_SOURCE: 'pod', LOG_FOLDER: folder, LOG_DELIVERY: 'buffered', LOG_BUFFER_LINES: '100' };
  const agent = await startAgent(t, sink.url, environment);
  sink.delayMs = 1_000;
  const append = boundedFile(join(folder, 'service.log'));
  append(line('first'));
  await eventually('it is on its way', async () => (await agent.counts()).buffered === 1 || undefined);
  for (let i = 0; i < 1_000; i++) append(line(`line ${i}`));
  const { dropped, buffered } = await eventually('all are read', async () => {
    const counts = await agent.counts();
    return counts.read === 1_001 ? counts : undefined;
  });
  assert.deepEqual([dropped, buffered], [900, 101]);
  await agent.stop();
  assert.deepEqual([sink.logs.length, sink.logs[1]?.body, sink.logs.at(-1)?.body], [101, 'line 900', 'line 999']);
});
