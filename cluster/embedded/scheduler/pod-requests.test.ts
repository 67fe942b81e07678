import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../kinds/types.ts';
import { podRequests } from './pod-requests.ts';

const container = (cpu: string, more: object = {}) => ({ name: 'c', resources: { requests: { cpu } }, ...more });
const sidecar = (cpu: string) => container(cpu, { restartPolicy: 'Always' });
const cpu = (initContainers: object[], containers: object[], more: object = {}) =>
  podRequests({ metadata: { name: 'p' }, spec: { initContainers, containers, ...more } } as unknown as Pod).cpu;

test('containers run together, init containers one after the other', () => {
  assert.equal(cpu([], [container('100m'), container('0.2')]), 300);
  assert.equal(cpu([container('500m'), container('400m')], [container('100m'), container('200m')]), 500);
  assert.equal(cpu([container('200m')], [container('100m'), container('200m')]), 300);
});

test('a sidecar stays: beside the containers, and beside the init containers that come after it', () => {
  assert.equal(cpu([sidecar('100m')], [container('200m')]), 300);
  assert.equal(cpu([container('500m'), sidecar('100m')], [container('100m')]), 500);
  assert.equal(cpu([sidecar('100m'), container('500m')], [container('100m')]), 600);
});

test('the overhead of a pod counts, and a limit where there is no request', () => {
  assert.equal(cpu([], [container('100m')], { overhead: { cpu: '50m' } }), 150);
  const { memory } = podRequests({
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', resources: { limits: { memory: '64Mi' } } }] },
  } as Pod);
  assert.equal(memory, 64 * 1024 ** 2);
});
