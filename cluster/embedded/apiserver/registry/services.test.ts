import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Service } from '../../kinds/types.ts';
import { openClusterState } from '../cluster-state.ts';

async function shop(t: TestContext) {
  const { api, close } = openClusterState();
  t.after(close);
  await api.create('Namespace', { metadata: { name: 'shop' } });
  return api;
}

const service = (name: string, spec: object): Service => ({
  metadata: { name, namespace: 'shop' },
  spec: { ports: [{ port: 80 }], ...spec },
});

describe('a Service', () => {
  it('that becomes a mere name gives its address back, and gets another later', async (t) => {
    const api = await shop(t);
    const { clusterIP } = (await api.create('Service', service('web', {}))).spec!;
    const named = { type: 'ExternalName', externalName: 'example.com' };
    const { spec } = await api.patch('Service', 'web', 'shop', { spec: named });
    deepEqual([spec!.clusterIP, spec!.clusterIPs, spec!.ipFamilies], [undefined, undefined, undefined]);
    equal((await api.create('Service', service('next', { clusterIP }))).spec!.clusterIP, clusterIP);
    const back = await api.patch('Service', 'web', 'shop', { spec: { type: 'ClusterIP', externalName: null } });
    match(back.spec!.clusterIP!, /^10\.96\./);
  });

  const refused: [string, object, RegExp][] = [
    [
      'a node port without being of a type that has some',
      { ports: [{ port: 80, nodePort: 30123 }] },
      /nodePort: Forbidden/,
    ],
    [
      'node ports and no address',
      { type: 'NodePort', clusterIP: 'None' },
      /may not be set to 'None' for NodePort services/,
    ],
    [
      'one node port twice',
      { type: 'NodePort', ports: [80, 81].map((port) => ({ name: `p${port}`, port, nodePort: 30200 })) },
      /ports\[1\]\.nodePort: Invalid value: 30200: provided port is already allocated/,
    ],
  ];
  for (const [title, spec, message] of refused) {
    it(`is refused that has ${title}`, async (t) => {
      const api = await shop(t);
      await rejects(api.create('Service', service('web', spec)), { code: 'Invalid', message });
    });
  }

  it('that has no node ports any more may be written as it was read', async (t) => {
    const api = await shop(t);
    const { spec } = await api.create('Service', service('web', { type: 'NodePort' }));
    equal(typeof spec!.ports![0]!.nodePort, 'number');
    const changed = await api.patch('Service', 'web', 'shop', { spec: { type: 'ClusterIP', ports: spec!.ports } });
    equal(changed.spec!.ports![0]!.nodePort, undefined);
  });
});
