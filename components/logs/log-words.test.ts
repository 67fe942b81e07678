import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogRecord } from '../../server/contract/logs.ts';
import { agentsWords, keysOf, levelOf } from './log-words.ts';
import { logsPath } from './use-logs.ts';

const agent = (dropped: number) => ({
  ...{ pod: 'orders-1', node: 'node-1', cpuMillis: 15, memoryMb: 22 },
  lines: { read: 9, shipped: 5, dropped, buffered: 2 },
});

test('agents are told with their cost and what they lost', () => {
  const all = { delivery: 'buffered', pods: 2, problem: null } as const;
  assert.equal(
    agentsWords({
      ...all,
      collection: 'sidecar',
      agents: [agent(1), agent(3)],
      total: { cpuMillis: 30, memoryMb: 44 },
    }),
    '2 sidecars, buffered · 44 MB, 30 m CPU · 4 lines waiting · 4 dropped',
  );
  assert.equal(
    agentsWords({ ...all, collection: 'daemonset', agents: [{ ...agent(0), lines: null }], total: null }),
    '1 node agent, buffered · 0 dropped',
  );
});

test('a record keeps its key when others come before it, and two that are alike have two', () => {
  const record = (body: string) => ({ at: 1, pod: 'orders-1', spanId: null, body }) as LogRecord;
  const before = keysOf([record('a'), record('a')]);
  const after = keysOf([record('b'), record('a'), record('a')]);
  assert.deepEqual(after.slice(1), before);
  assert.equal(new Set(after).size, 3);
});

test('levels follow the severity numbers of OTLP', () => {
  assert.deepEqual([0, 9, 12, 13, 16, 17, 24].map(levelOf), [
    ...['info', 'info', 'info', 'warn', 'warn', 'error', 'error'],
  ]);
});

test('only what is asked for is in the request', () => {
  assert.equal(logsPath({ service: '', severity: 0, text: '', trace: '' }), '/api/logs?limit=200');
  assert.equal(
    logsPath({ service: 'orders', severity: 13, text: 'a b', trace: 'ab12' }),
    '/api/logs?limit=200&service=orders&severity=13&text=a+b&trace=ab12',
  );
});
