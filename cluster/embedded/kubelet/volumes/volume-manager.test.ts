import { deepEqual, equal } from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Pod } from '../../kinds/types.ts';
import { emptyCluster, noteEvents } from '../../testing/controller-fixture.ts';
import { until } from '../../testing/until.ts';
import { podFolder } from './folders.ts';
import { startVolumeManager } from './volume-manager.ts';

const facts = { ip: '', hostIP: '', nodeName: 'node-1' } as never;
const volumes = [
  {
    name: 'told',
    projected: {
      sources: [
        { serviceAccountToken: { path: 'token' } },
        { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      ],
    },
  },
];

/** A pod on node-1 whose volume is set up, and how often a token was asked for. */
async function setUp(t: TestContext) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'breakwater-volumes-')));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const api = await emptyCluster();
  const asked: string[] = [];
  const requestToken = async ({ metadata }: Pod) => {
    asked.push(metadata.name);
    return { token: `token ${asked.length}`, expirationTimestamp: new Date(Date.now() + 3600_000).toISOString() };
  };
  const manager = startVolumeManager({ api, home, nodeName: 'node-1', recorder: noteEvents(), requestToken });
  t.after(() => manager.close());
  const pod = await api.create('Pod', {
    metadata: { name: 'some', namespace: 'shop', labels: { colour: 'blue' } },
    spec: {
      automountServiceAccountToken: false,
      nodeName: 'node-1',
      containers: [{ name: 'main', image: 'node:24' }],
      volumes,
    },
  } as Pod);
  const source = { configMap: async () => null, secret: async () => null } as never;
  const folder = (await manager.setUp(pod, facts, source)).get('told')!;
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  return { home, api, manager, pod, folder, asked, read };
}

test('labels that change reach the files, and the token stays', async (t) => {
  const { api, asked, read } = await setUp(t);
  equal(read('labels'), 'colour="blue"');
  await api.patch('Pod', 'some', 'shop', { metadata: { labels: { colour: 'red' } } });
  await until('the files say so', () => read('labels') === 'colour="red"');
  equal(read('token'), 'token 1');
  deepEqual(asked, ['some']);
});

test('nothing is written any more into the folders of a pod that is done with them', async (t) => {
  const { home, api, manager, pod, folder } = await setUp(t);
  // What is under way is waited for, and what comes after is not begun: else the folder would be filled while it is emptied.
  const relabel = (colour: string) => api.patch('Pod', 'some', 'shop', { metadata: { labels: { colour } } });
  await relabel('red');
  await manager.tearDown(pod.metadata.uid!);
  const removed = rm(podFolder(home, pod.metadata.uid!), { recursive: true });
  for (const colour of ['green', 'yellow', 'white']) await relabel(colour);
  await removed;
  equal(existsSync(folder), false);
});
