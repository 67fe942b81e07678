import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic } from '../case.ts';
import { eventually } from '../eventually.ts';
import { invalid, ok } from '../expect.ts';
import { idle, pod } from '../objects.ts';
import { NOWHERE } from './scheduling.ts';

export const nodes = topic('nodes, leases and events', {
  'a node is ready, with what it has': async ({ api }) => {
    const { items } = ok(await api.get(`/api/v1/nodes?labelSelector=!${NOWHERE}`));
    for (const { status, metadata } of items) {
      const ready = status.conditions.find(({ type }: Json) => type === 'Ready');
      assert.equal(ready.status, 'True');
      for (const resource of ['cpu', 'memory', 'pods']) assert.ok(status.allocatable[resource], resource);
      assert.ok(status.nodeInfo.kubeletVersion);
      assert.equal(metadata.labels['kubernetes.io/hostname'], metadata.name);
    }
  },
  'a node renews its lease': async ({ api }) => {
    const { items } = ok(await api.get(`/api/v1/nodes?labelSelector=!${NOWHERE}`));
    const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${items[0].metadata.name}`;
    const before = ok(await api.get(path)).spec.renewTime;
    await eventually('it was renewed', async () => ok(await api.get(path)).spec.renewTime > before);
  },
  'a lease is kept by whoever wrote it last': async ({ api, namespace }) => {
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
    const some = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'some' },
      spec: { holderIdentity: 'one', leaseDurationSeconds: 5, renewTime: '2026-01-01T00:00:00.000000Z' },
    };
    const first = ok(await api.post(leases, some));
    assert.equal(first.spec.renewTime, '2026-01-01T00:00:00.000000Z');
    ok(await api.put(`${leases}/some`, { ...first, spec: { ...first.spec, holderIdentity: 'two' } }));
    const late = await api.put(`${leases}/some`, { ...first, spec: { ...first.spec, holderIdentity: 'three' } });
    assert.equal(late.status, 409);
  },
  'a lease lasts some time': async ({ api, namespace }) => {
    const some = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'some' },
      spec: { leaseDurationSeconds: 0 },
    };
    const answer = await api.post(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`, some);
    invalid(answer, 'spec.leaseDurationSeconds');
  },
  'what happens to a pod is told in events': async ({ api, core }) => {
    ok(await api.post(core('pods'), pod('some', idle)));
    const reasons = async () => {
      const { items } = ok(await api.get(core('events?fieldSelector=involvedObject.name%3Dsome')));
      return items.map(({ reason }: Json) => reason);
    };
    await eventually('it was started', async () => (await reasons()).includes('Started'));
    for (const reason of ['Scheduled', 'Created']) assert.ok((await reasons()).includes(reason), reason);
  },
  'an event says of what, and when': async ({ api, core, namespace }) => {
    const { metadata } = ok(await api.post(core('pods'), pod('some', idle)));
    const scheduled = await eventually('it was scheduled', async () => {
      const { items } = ok(await api.get(core('events')));
      return items.find(({ reason }: Json) => reason === 'Scheduled');
    });
    assert.equal(scheduled.type, 'Normal');
    assert.equal(scheduled.involvedObject.kind, 'Pod');
    assert.equal(scheduled.involvedObject.namespace, namespace);
    assert.equal(scheduled.involvedObject.uid, metadata.uid);
    assert.ok(scheduled.lastTimestamp ?? scheduled.eventTime);
  },
});
