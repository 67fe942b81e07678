import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { findBrowser, machinesOwn } from './browser.mjs';
import { temporaryFolder } from './temporary-folder.ts';

test("the machine's own browser is found by name along the path, Chromium first", (t) => {
  const folder = temporaryFolder(t);
  const install = (place: string, name: string, mode: number) => {
    mkdirSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, place, name), '');
    chmodSync(join(folder, place, name), mode);
  };
  install('a', 'google-chrome', 0o755);
  install('b', 'chromium', 0o755);
  install('a', 'chromium', 0o644); // Cannot be run.
  assert.equal(machinesOwn([join(folder, 'a'), join(folder, 'b')].join(delimiter)), join(folder, 'b', 'chromium'));
  assert.equal(machinesOwn(join(folder, 'a')), join(folder, 'a', 'google-chrome'));
});

test('a browser named by BREAKWATER_BROWSER that cannot be run is told, not replaced', async (t) => {
  const before = process.env.BREAKWATER_BROWSER;
  process.env.BREAKWATER_BROWSER = '/nowhere/chromium';
  t.after(() => {
    if (before === undefined) delete process.env.BREAKWATER_BROWSER;
    else process.env.BREAKWATER_BROWSER = before;
  });
  await assert.rejects(
    findBrowser('/', process.execPath, () => {}),
    { code: 'no-browser', message: /names \/nowhere\/chromium/ },
  );
});
