import { equal } from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Pod } from '../types.ts';
import { readiness, restarts, summary } from './summary.ts';

type Status = NonNullable<Pod['status']>;
type ContainerStatus = NonNullable<Status['containerStatuses']>[number];

const container = (state: ContainerStatus['state'], rest: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: 'app',
  image: 'app',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  ...rest,
});
const pod = (status: Status, metadata = {}): Pod => ({
  metadata: { name: 'p', ...metadata },
  spec: { containers: [{ name: 'app' }] },
  status,
});
const running = container({ running: {} }, { ready: true });
const ended = (terminated: object) => container({ terminated: terminated as never });

describe('the STATUS of a pod', () => {
  const cases: [string, string, Pod][] = [
    ['is its phase while no container says more', 'Pending', pod({ phase: 'Pending' })],
    [
      'says that a gate holds it',
      'SchedulingGated',
      pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
    ],
    ['is Running while it runs', 'Running', pod({ phase: 'Running', containerStatuses: [running] })],
    [
      'is why a container waits',
      'CrashLoopBackOff',
      pod({ phase: 'Running', containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })] }),
    ],
    [
      'is why a container ended',
      'OOMKilled',
      pod({ phase: 'Failed', containerStatuses: [ended({ reason: 'OOMKilled', exitCode: 137 })] }),
    ],
    [
      'is the exit code of an end without a reason',
      'ExitCode:3',
      pod({ phase: 'Failed', containerStatuses: [ended({ exitCode: 3 })] }),
    ],
    [
      'is the signal of an end without a reason',
      'Signal:9',
      pod({ phase: 'Failed', containerStatuses: [ended({ exitCode: 137, signal: 9 })] }),
    ],
    [
      'is NotReady when one of two containers is through',
      'NotReady',
      pod({ phase: 'Running', containerStatuses: [running, ended({ reason: 'Completed', exitCode: 0 })] }),
    ],
    [
      'is Terminating once it is deleted',
      'Terminating',
      pod({ phase: 'Running' }, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
    ],
    ['is the reason of the pod itself', 'Evicted', pod({ phase: 'Failed', reason: 'Evicted' })],
    [
      'counts init containers',
      'Init:0/1',
      {
        ...pod({ initContainerStatuses: [container({ running: {} })] }),
        spec: { containers: [], initContainers: [{ name: 'i' }] },
      },
    ],
    [
      'tells an init container that failed',
      'Init:Error',
      pod({ initContainerStatuses: [ended({ reason: 'Error', exitCode: 1 })] }),
    ],
  ];
  for (const [title, word, object] of cases) it(title, () => equal(summary(object), word));
});

describe('the READY and RESTARTS of a pod', () => {
  it('count the containers that run and are ready', () => {
    equal(readiness(pod({ containerStatuses: [running] })), '1/1');
    equal(readiness(pod({ containerStatuses: [container({ running: {} })] })), '0/1');
  });

  it('say when the latest restart was', () => {
    const lastState = { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:00:00Z' } };
    const restarted = pod({ containerStatuses: [container({ running: {} }, { restartCount: 3, lastState })] });
    equal(restarts(restarted, Date.parse('2026-01-01T00:00:12Z')), '3 (12s ago)');
  });
});
