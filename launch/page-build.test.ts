import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { compressPage, hashPageSources } from './page-build.mjs';
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

test('text is compressed beside itself, what is compressed already is not', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, '_next/static'), { recursive: true });
  const text = 'let tide = 1;\n'.repeat(200);
  for (const path of ['index.html', '_next/static/a.js', '_next/static/font.woff2'])
    writeFileSync(join(folder, path), text);
  compressPage(folder);
  for (const path of ['index.html', '_next/static/a.js']) {
    const compressed = readFileSync(join(folder, `${path}.gz`));
    assert.ok(compressed.length < text.length / 10);
    assert.equal(gunzipSync(compressed).toString(), text);
    assert.equal(readFileSync(join(folder, path), 'utf8'), text);
  }
  assert.equal(existsSync(join(folder, '_next/static/font.woff2.gz')), false);
});
