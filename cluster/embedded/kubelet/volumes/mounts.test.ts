import { equal, rejects } from 'node:assert/strict';
import { existsSync, mkdtempSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Container, Pod } from '../../kinds/types.ts';
import { mountsOf } from './mounts.ts';

test('a subPath is made where it is missing, but never by a link that leads out of its volume', async (t) => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'breakwater-mounts-')));
  t.after(() => rmSync(home, { recursive: true }));
  const [volume, outside] = [join(home, 'volume'), join(home, 'outside')];
  for (const folder of [volume, outside]) mkdirSync(folder);
  symlinkSync(outside, join(volume, 'out'));
  const pod = { spec: { volumes: [{ name: 'data', emptyDir: {} }] } } as unknown as Pod;
  const directory = async (subPath: string) => {
    const container = { volumeMounts: [{ name: 'data', mountPath: '/data', subPath }] } as unknown as Container;
    return (await mountsOf(pod, container, new Map([['data', volume]]), {}, join(home, 'scratch')))[0]!.directory;
  };
  equal(await directory('a/b'), join(volume, 'a', 'b'));
  await rejects(directory('out/new'), { message: /out\/new is outside of its volume/ });
  equal(existsSync(join(outside, 'new')), false);
});
