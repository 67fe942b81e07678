import { deepEqual, equal, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decode } from './schema.ts';

const pod = (spec: object) => ({ metadata: { name: 'p' }, spec });

describe('the schema', () => {
  it('drops nulls, as Go clients send them for empty fields', () => {
    const { value } = decode({ metadata: { name: 'p', creationTimestamp: null } }, 'io.k8s.api.core.v1.Pod');
    deepEqual(value, { metadata: { name: 'p' } });
  });

  it('names unknown fields by their path and leaves them out', () => {
    const { value, unknown } = decode(
      pod({ containers: [{ name: 'a', imagee: 'x' }], colour: 'red' }),
      'io.k8s.api.core.v1.Pod',
    );
    deepEqual(unknown, ['spec.containers[0].imagee', 'spec.colour']);
    deepEqual(value, pod({ containers: [{ name: 'a' }] }));
  });

  it('takes a number or a text where either is allowed', () => {
    for (const port of [8080, 'http']) {
      const { value } = decode(
        pod({ containers: [{ livenessProbe: { tcpSocket: { port } } }] }),
        'io.k8s.api.core.v1.Pod',
      );
      deepEqual(value, pod({ containers: [{ livenessProbe: { tcpSocket: { port } } }] }));
    }
  });

  it('writes a quantity given as a number as text', () => {
    const { value } = decode(
      pod({ containers: [{ resources: { limits: { cpu: 2, memory: '64Mi' } } }] }),
      'io.k8s.api.core.v1.Pod',
    );
    deepEqual(value, pod({ containers: [{ resources: { limits: { cpu: '2', memory: '64Mi' } } }] }));
  });

  const wrong: [string, object, RegExp][] = [
    [
      'a text for a number',
      { terminationGracePeriodSeconds: '30' },
      /string "30".*spec\.terminationGracePeriodSeconds/,
    ],
    ['a fraction for a whole number', { priority: 1.5 }, /spec\.priority of type int32/],
    ['a number too large for its field', { priority: 2 ** 31 }, /spec\.priority/],
    ['a map for a list', { containers: {} }, /object.*spec\.containers/],
    ['a list for a map', { nodeSelector: [] }, /array.*spec\.nodeSelector/],
    ['a text for a flag', { hostNetwork: 'yes' }, /spec\.hostNetwork of type boolean/],
    ['a quantity that is none', { overhead: { cpu: 'much' } }, /spec\.overhead\.cpu.*quantity/],
  ];
  for (const [title, spec, message] of wrong) {
    it(`refuses ${title}, and says where`, () => {
      throws(() => decode(pod(spec), 'io.k8s.api.core.v1.Pod'), { code: 'SchemaMismatch', message });
    });
  }

  it('lets no field set the prototype', () => {
    const { value, unknown } = decode(
      JSON.parse('{"metadata":{"labels":{"__proto__":"x"}}}'),
      'io.k8s.api.core.v1.Pod',
    );
    deepEqual(unknown, ['metadata.labels.__proto__']);
    equal(Object.getPrototypeOf((value as { metadata: { labels: object } }).metadata.labels), Object.prototype);
  });
});
