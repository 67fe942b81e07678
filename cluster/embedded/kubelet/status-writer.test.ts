import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClusterState } from '../apiserver/cluster-state.ts';
import type { Pod } from '../kinds/types.ts';
import { until } from '../testing/until.ts';
import { statusWriter } from './status-writer.ts';

const ready = (status: 'True' | 'False') => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status, lastTransitionTime: '2026-01-01T00:00:00Z' }],
});

/** A pod whose kubelet says it is ready, and hears of every change of it. */
async function pod() {
  const { api } = openClusterState();
  await api.create('Namespace', { metadata: { name: 'shop' } });
  const spec = { containers: [{ name: 'web', image: 'node:24' }] };
  const created = await api.create('Pod', { metadata: { name: 'web', namespace: 'shop' }, spec } as Pod);
  const writer = statusWriter(api, created, ({ status }) => ({
    ...ready('True'),
    conditions: [...ready('True').conditions, ...(status?.conditions ?? []).filter(({ type }) => type !== 'Ready')],
  }));
  let changes = 0;
  const stop = api.watch('Pod', {}, () => {
    changes += 1;
    writer.touch();
  });
  const readiness = async () => (await api.get('Pod', 'web', 'shop')).status?.conditions?.[0]?.status;
  return { api, writer, readiness, stop, changes: () => changes };
}

test('a status is written once, and not again for hearing of it', async () => {
  const { writer, readiness, stop, changes } = await pod();
  writer.touch();
  await until('the status is there', async () => (await readiness()) === 'True');
  const before = changes();
  await writer.flush();
  await writer.flush();
  assert.equal(changes(), before);
  stop();
});

test('a status that somebody else wrote gives way to what the kubelet knows', async () => {
  const { api, writer, readiness, stop } = await pod();
  await writer.flush();
  const written = await api.get('Pod', 'web', 'shop');
  await api.updateStatus('Pod', { ...written, status: ready('False') });
  await until('the pod is ready again', async () => (await readiness()) === 'True');
  stop();
});

test('what somebody else says of the pod stays, and its own comes back', async () => {
  const { api, writer, stop } = await pod();
  const condition = { type: 'example.com/Mine', status: 'True' };
  await writer.flush();
  const write = async () => {
    const { status, ...pod } = await api.get('Pod', 'web', 'shop');
    await api.updateStatus('Pod', { ...pod, status: { ...status, conditions: [condition] } });
  };
  await write();
  await until('both are there', async () => {
    const { status } = await api.get('Pod', 'web', 'shop');
    return ['Ready', 'example.com/Mine'].every((type) => status?.conditions?.some((one) => one.type === type));
  });
  stop();
});

test('a writer that is closed leaves the pod as it is', async () => {
  const { writer, readiness, stop } = await pod();
  writer.touch();
  writer.close();
  await writer.flush();
  assert.equal(await readiness(), undefined);
  stop();
});
