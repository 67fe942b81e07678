import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deployment } from '../deployment.ts';
import { node } from '../node.ts';
import { pod } from '../pod/pod.ts';
import type { PodSpec } from '../types.ts';

const warningsOf = (spec: object) => pod.withoutEffect!({ metadata: { name: 'p' }, spec } as never, undefined);
const container = (fields: object) => ({ containers: [{ name: 'app', image: 'app:1', ...fields }] });
const fieldsOf = (warnings: string[]) => warnings.map((warning) => warning.split(': ')[0]);

describe('a field that does nothing here', () => {
  const cases: [string, object][] = [
    ['spec.affinity', { affinity: {} }],
    ['spec.activeDeadlineSeconds', { activeDeadlineSeconds: 5 }],
    ['spec.readinessGates', { readinessGates: [{ conditionType: 'x' }] }],
    ['spec.topologySpreadConstraints', { topologySpreadConstraints: [] }],
    ['spec.containers[0].lifecycle.postStart', container({ lifecycle: { postStart: { exec: {} } } })],
    ['spec.containers[0].lifecycle.preStop.exec', container({ lifecycle: { preStop: { exec: {} } } })],
    ['spec.containers[0].lifecycle.preStop.httpGet', container({ lifecycle: { preStop: { httpGet: { port: 1 } } } })],
    [
      'spec.containers[0].readinessProbe.httpGet.scheme',
      container({ readinessProbe: { httpGet: { port: 1, scheme: 'HTTPS' } } }),
    ],
  ];
  for (const [field, spec] of cases) {
    it(`is named: ${field}`, () => deepEqual(fieldsOf(warningsOf(spec)), [field]));
  }

  it('is named in a template too, and on a node', () => {
    const web = { metadata: { name: 'web' }, spec: { template: { spec: { affinity: {} } } } };
    deepEqual(fieldsOf(deployment.withoutEffect!(web as never, undefined)), ['spec.template.spec.affinity']);
    const tainted = { metadata: { name: 'n' }, spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } };
    deepEqual(fieldsOf(node.withoutEffect!(tainted as never, undefined)), ['spec.taints']);
  });

  it('is the image of a pod that is there already, when it changes', () => {
    const of = (image: string) => ({ metadata: { name: 'p' }, spec: container({ image }) as unknown as PodSpec });
    deepEqual(fieldsOf(pod.withoutEffect!(of('app:2') as never, of('app:1') as never)), ['spec.containers[0].image']);
    deepEqual(pod.withoutEffect!(of('app:1') as never, of('app:1') as never), []);
  });

  it('is none of those that do something', () => {
    const lifecycle = { preStop: { sleep: { seconds: 1 } } };
    const readinessProbe = { httpGet: { port: 1, scheme: 'HTTP' } };
    deepEqual(warningsOf({ ...container({ lifecycle, readinessProbe }), nodeSelector: { a: 'b' } }), []);
  });
});
