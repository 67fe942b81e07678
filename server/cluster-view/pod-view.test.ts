import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../cluster/client/objects.ts';
import { podView } from './pod-view.ts';

const now = Date.parse('2026-01-01T00:01:00Z');

function view(pod: { metadata?: object; spec?: object; status?: object }) {
  const metadata = { name: 'bank-1', creationTimestamp: '2026-01-01T00:00:00Z', ...pod.metadata };
  const { state, status } = podView({ spec: { nodeName: 'node-1' }, ...pod, metadata } as Pod, now);
  return [state, status];
}

const container = (state: object, ready = false) => ({ name: 'service', ready, restartCount: 2, state });
const running = (startedAt: string, ready: boolean) => ({
  phase: 'Running',
  containerStatuses: [container({ running: { startedAt } }, ready)],
});

for (const [what, pod, expected] of [
  ['without a node is pending', { spec: {}, status: { phase: 'Pending' } }, ['pending', 'Pending']],
  ['on a node without containers yet is starting', { status: { phase: 'Pending' } }, ['starting', 'ContainerCreating']],
  ['that runs and passes its probe is ready', { status: running('2026-01-01T00:00:01Z', true) }, ['ready', 'Running']],
  [
    'not ready just after its start is starting',
    { status: running('2026-01-01T00:00:50Z', false) },
    ['starting', 'Running'],
  ],
  [
    'not ready long after its start is not ready',
    { status: running('2026-01-01T00:00:01Z', false) },
    ['not-ready', 'Running'],
  ],
  [
    'on its way out is terminating, whatever else it is',
    { metadata: { deletionTimestamp: '2026-01-01T00:00:59Z' }, status: running('2026-01-01T00:00:01Z', true) },
    ['terminating', 'Terminating'],
  ],
  [
    'that keeps dying is in a crash loop',
    { status: { phase: 'Running', containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })] } },
    ['crash-loop', 'CrashLoopBackOff'],
  ],
  [
    'that has just died is in a crash loop too',
    {
      status: {
        phase: 'Running',
        containerStatuses: [container({ terminated: { reason: 'OOMKilled', exitCode: 137 } })],
      },
    },
    ['crash-loop', 'OOMKilled'],
  ],
  [
    'whose image cannot be had has failed',
    { status: { phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ImagePullBackOff' } })] } },
    ['failed', 'ImagePullBackOff'],
  ],
] as const) {
  test(`a pod ${what}`, () => assert.deepEqual(view(pod), expected));
}

test('restarts are summed and the time of creation is in ms', () => {
  const pod = { metadata: { name: 'bank-1', creationTimestamp: '2026-01-01T00:00:00Z' }, status: running('', true) };
  const { restarts, createdAt } = podView(pod as unknown as Pod, now);
  assert.deepEqual([restarts, createdAt], [2, now - 60_000]);
});
