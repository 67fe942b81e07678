import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logsRequest } from './otlp-logs.ts';

interface Sent {
  resourceLogs: { scopeLogs: { logRecords: Record<string, unknown>[] }[] }[];
}

test('what a program calls a trace is one only where it is an id of one', () => {
  const origin = { namespace: 'shop', pod: 'other-0', container: 'other', node: 'node-1' };
  const [traceId, uuid] = ['5b8efff798038103d269b633813fc60c', '5b8efff7-9803-8103-d269-b633813fc60c'];
  const lines = [traceId, uuid].map((trace_id) => ({ origin, text: JSON.stringify({ message: 'm', trace_id }) }));
  const { resourceLogs } = logsRequest(lines) as Sent;
  const records = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
  assert.deepEqual(
    records.map(({ traceId: id, attributes }) => ({ id, attributes })),
    [
      { id: traceId, attributes: [] },
      { id: undefined, attributes: [{ key: 'trace_id', value: { stringValue: uuid } }] },
    ],
  );
});
