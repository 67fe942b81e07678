import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hashPageSources } from './page-build.mjs';
import { temporaryFolder } from './temporary-folder.ts';

test('the fingerprint changes with what the page is built from, and with nothing else', (t) => {
  const root = temporaryFolder(t);
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('app/page.tsx', 'one');
  write('server/contract/frame.ts', 'one');
  const first = hashPageSources(root);

  write('server/main.ts', 'not of the page');
  write('components/chart.test.ts', 'a test');
  write('README.md', 'prose');
  assert.equal(hashPageSources(root), first);

  for (const path of [
    'app/page.tsx',
    'components/ui/button.tsx',
    'server/contract/frame.ts',
    'cluster/shop/manifests/base/shop/orders.yaml',
    'package-lock.json',
    'next.config.mjs',
  ]) {
    const before = hashPageSources(root);
    write(path, 'two');
    assert.notEqual(hashPageSources(root), before, path);
  }
  const all = hashPageSources(root);
  rmSync(join(root, 'components/ui/button.tsx'));
  assert.notEqual(hashPageSources(root), all, 'a file taken away');
});
