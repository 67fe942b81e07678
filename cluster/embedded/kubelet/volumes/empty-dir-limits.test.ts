import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Pod } from '../../kinds/types.ts';
import { exceeded } from './empty-dir-limits.ts';
import { podVolumeFolder } from './folders.ts';

const home = mkdtempSync(join(tmpdir(), 'breakwater-limits-'));
after(() => rmSync(home, { recursive: true, force: true }));

const podOf = (uid: string, sizeLimit?: string) =>
  ({
    metadata: { uid },
    spec: { containers: [], volumes: [{ name: 'data', emptyDir: { sizeLimit } }] },
  }) as unknown as Pod;

function fill(uid: string, path: string, bytes: number): void {
  const folder = podVolumeFolder(home, uid, 'data');
  mkdirSync(join(folder, 'deep'), { recursive: true });
  writeFileSync(join(folder, path), Buffer.alloc(bytes, 1));
}

test('all that is in a volume counts, however deep', async () => {
  fill('a', 'one', 600_000);
  assert.equal(await exceeded(home, podOf('a', '1Mi')), null);
  fill('a', 'deep/two', 600_000);
  assert.equal(await exceeded(home, podOf('a', '1Mi')), 'Usage of EmptyDir volume "data" exceeds the limit "1Mi". ');
});

test('what a link leads to does not count', async () => {
  fill('b', 'one', 10_000);
  symlinkSync(podVolumeFolder(home, 'a', 'data'), join(podVolumeFolder(home, 'b', 'data'), 'deep', 'link'));
  assert.equal(await exceeded(home, podOf('b', '100Ki')), null);
});

test('a volume without a limit, or one that is not there yet, exceeds nothing', async () => {
  fill('c', 'one', 5_000_000);
  assert.equal(await exceeded(home, podOf('c')), null);
  assert.equal(await exceeded(home, podOf('not-there', '1Ki')), null);
});
