import { deepEqual, equal, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { strategicMerge, type JsonObject } from './strategic-merge.ts';

const core = (type: string) => `io.k8s.api.core.v1.${type}`;
const deployment = (containers: object[]): JsonObject => ({ spec: { template: { spec: { containers } } } });

const merge = (original: JsonObject, patch: JsonObject, type?: string) => strategicMerge(original, patch, type);

describe('strategic merge', () => {
  it('merges maps and deletes by null', () => {
    const service = { metadata: { labels: { a: '1', b: '2' } } };
    deepEqual(merge(service, { metadata: { labels: { b: null, c: '3' } } }, core('Service')), {
      metadata: { labels: { a: '1', c: '3' } },
    });
  });

  it('leaves the original alone', () => {
    const original = Object.freeze({ data: Object.freeze({ a: '1' }) });
    deepEqual(merge(original, { data: { a: '2' } }, core('ConfigMap')), { data: { a: '2' } });
    equal(original.data.a, '1');
  });

  it('keeps no null of a map that is new', () => {
    deepEqual(merge({}, { metadata: { annotations: { a: null, b: 'x' } } }, core('Pod')), {
      metadata: { annotations: { b: 'x' } },
    });
  });

  it("takes a Service's ports by number, and the first of those that share one, as kubectl does", () => {
    const [tcp, udp] = [
      { name: 'tcp', port: 53, protocol: 'TCP' },
      { name: 'udp', port: 53, protocol: 'UDP' },
    ];
    const ports = (...list: object[]): JsonObject => ({ spec: { ports: list } });
    const patched = (...patch: object[]) => merge(ports(tcp, udp), ports(...patch), core('Service'));
    deepEqual(patched({ name: 'web', port: 80 }), ports({ name: 'web', port: 80 }, tcp, udp));
    deepEqual(patched({ port: 53, targetPort: 9 }), ports({ ...tcp, targetPort: 9 }, udp));
    deepEqual(patched({ port: 53, $patch: 'delete' }), ports());
  });

  it('merges containers by name and environment by name within them', () => {
    const original = deployment([
      { name: 'app', image: 'v1', env: [{ name: 'A', value: '1' }] },
      { name: 'log', image: 'l' },
    ]);
    const patch = deployment([{ name: 'app', env: [{ name: 'B', value: '2' }] }]);
    deepEqual(
      merge(original, patch, 'io.k8s.api.apps.v1.Deployment'),
      deployment([
        {
          name: 'app',
          image: 'v1',
          env: [
            { name: 'B', value: '2' },
            { name: 'A', value: '1' },
          ],
        },
        { name: 'log', image: 'l' },
      ]),
    );
  });

  it('replaces a list without merge key', () => {
    deepEqual(merge({ args: ['a', 'b'] }, { args: ['c'] }, core('Container')), { args: ['c'] });
  });

  it('replaces the lists of a kind it does not know', () => {
    const original = deployment([{ name: 'a' }]);
    deepEqual(merge(original, deployment([{ name: 'b' }]), 'Fault'), deployment([{ name: 'b' }]));
  });

  it('deletes a list item by $patch: delete', () => {
    const original = deployment([{ name: 'a' }, { name: 'b' }]);
    deepEqual(
      merge(original, deployment([{ name: 'a', $patch: 'delete' }]), 'io.k8s.api.apps.v1.Deployment'),
      deployment([{ name: 'b' }]),
    );
  });

  it('replaces a list by an item that says $patch: replace', () => {
    const original = deployment([{ name: 'a' }, { name: 'b' }]);
    const patch = deployment([{ $patch: 'replace' }, { name: 'c' }]);
    deepEqual(merge(original, patch, 'io.k8s.api.apps.v1.Deployment'), deployment([{ name: 'c' }]));
  });

  it('replaces a map that says $patch: replace', () => {
    const patch = { spec: { strategy: { $patch: 'replace', type: 'Recreate' } } };
    const original = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    deepEqual(merge(original, patch, 'io.k8s.api.apps.v1.Deployment'), { spec: { strategy: { type: 'Recreate' } } });
  });

  it('keeps only the keys that $retainKeys names', () => {
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    const original = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    deepEqual(merge(original, patch, 'io.k8s.api.apps.v1.Deployment'), { spec: { strategy: { type: 'Recreate' } } });
  });

  it('answers undefined when the whole object is deleted', () => {
    equal(merge({ a: 1 }, { $patch: 'delete' }, core('Service')), undefined);
  });

  it('merges finalizers as a set and takes some out', () => {
    const original = { metadata: { finalizers: ['a', 'b'] } };
    deepEqual(merge(original, { metadata: { finalizers: ['b', 'c'] } }, core('Pod')), {
      metadata: { finalizers: ['a', 'b', 'c'] },
    });
    deepEqual(merge(original, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } }, core('Pod')), {
      metadata: { finalizers: ['b'] },
    });
  });

  it('orders a list as $setElementOrder says, with the items it does not name where they were', () => {
    const original = { containers: [{ name: 'a' }, { name: 'mesh' }, { name: 'b' }] };
    const patch = {
      '$setElementOrder/containers': [{ name: 'a' }, { name: 'new' }, { name: 'b' }],
      containers: [{ name: 'new', image: 'n' }],
    };
    deepEqual(merge(original, patch, core('PodSpec')), {
      containers: [{ name: 'a' }, { name: 'new', image: 'n' }, { name: 'mesh' }, { name: 'b' }],
    });
  });

  it('orders a list that the patch has only an order for', () => {
    const patch = { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] };
    deepEqual(merge({ containers: [{ name: 'a' }, { name: 'b' }] }, patch, core('PodSpec')), {
      containers: [{ name: 'b' }, { name: 'a' }],
    });
  });

  it("puts the patch's items first where kustomize's order is asked for", () => {
    const original = { containers: [{ name: 'a' }, { name: 'b', image: '1' }, { name: 'c' }] };
    const patch = { containers: [{ name: 'b', image: '2' }, { name: 'new' }, { name: 'a' }] };
    const merged = strategicMerge(original, patch, core('PodSpec'), { order: 'patch-first' });
    deepEqual(merged, { containers: [{ name: 'b', image: '2' }, { name: 'new' }, { name: 'a' }, { name: 'c' }] });
  });

  it('refuses an item without its merge key, and says where', () => {
    throws(() => merge(deployment([]), deployment([{ image: 'x' }]), 'io.k8s.api.apps.v1.Deployment'), {
      code: 'InvalidPatch',
      message: /spec\.template\.spec\.containers.*"name"/,
    });
    for (const name of [{ toString: 1 }, ['x']]) {
      throws(() => merge({}, { containers: [{ name, image: 'x' }] }, core('PodSpec')), {
        code: 'InvalidPatch',
        message: /containers.*"name", and that of an item is no value/,
      });
    }
  });

  it('refuses a $patch it does not know', () => {
    throws(() => merge({}, { spec: { $patch: 'destroy' } }, core('Pod')), { code: 'InvalidPatch', message: /destroy/ });
  });
});
