import { deepEqual, equal, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elementOf, fieldOf, typeOfKind, types, type FieldFacts } from './facts.ts';

const scalars = 'string boolean int32 int64 number bytes time microTime quantity intOrString any'.split(' ');
const everyField = function* (): Generator<[name: string, facts: FieldFacts]> {
  for (const [type, { fields }] of Object.entries(types)) {
    for (const [field, facts] of Object.entries(fields)) yield [`${type}.${field}`, facts];
  }
};

describe("the facts of Kubernetes' types", () => {
  it('find the type of a kind by its version, as upstream names it', () => {
    equal(typeOfKind('apps/v1', 'Deployment'), 'io.k8s.api.apps.v1.Deployment');
    equal(typeOfKind('v1', 'Event'), 'io.k8s.api.core.v1.Event');
    equal(typeOfKind('events.k8s.io/v1', 'Event'), 'io.k8s.api.events.v1.Event');
    equal(typeOfKind('faults.breakwater.dev/v1alpha1', 'Fault'), undefined);
  });

  it('say of a field its type, its number, and how its list is joined', () => {
    deepEqual(fieldOf('io.k8s.api.core.v1.Container', 'ports'), {
      type: 'io.k8s.api.core.v1.ContainerPort[]',
      number: '6',
      list: ['containerPort', 'protocol'],
      merge: { key: 'containerPort' },
    });
    deepEqual(fieldOf('io.k8s.api.apps.v1.DeploymentSpec', 'replicas'), { type: 'int32', number: '1', pointer: true });
    equal(fieldOf('io.k8s.api.core.v1.Pod', 'toString'), undefined);
  });

  it('lead only to types that are there', () => {
    for (const [name, { type }] of everyField()) {
      ok(scalars.includes(elementOf(type)) || types[elementOf(type)], `${name}: ${type}`);
    }
  });

  it('have a number for every field', () => {
    const without = [...everyField()].filter(([, { number }]) => number === undefined).map(([name]) => name);
    deepEqual(
      without.filter((name) => !/\.(apiVersion|kind)$/.test(name)),
      [],
    );
  });

  it('know lists by keys that their items have', () => {
    for (const [name, { type, list, merge }] of everyField()) {
      const keys = [...(Array.isArray(list) ? list : []), ...(merge?.key ? [merge.key] : [])];
      for (const key of keys) ok(fieldOf(elementOf(type), key), `${name} by ${key}`);
    }
  });
});
