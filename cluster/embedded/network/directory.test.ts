import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeNetworkDirectory } from './directory.ts';

function home(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'directory-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const record = (folder: string) => join(folder, 'network-directory.json');

for (const [what, text] of [
  ['half-written', '{"pid":12'],
  ['empty', ''],
  ['of another shape', 'null'],
] as const) {
  test(`a record that is ${what} stops no start, and is replaced`, (t) => {
    const folder = home(t);
    writeFileSync(record(folder), text);
    const directory = makeNetworkDirectory(folder);
    t.after(() => rmSync(directory, { recursive: true, force: true }));
    assert.equal((JSON.parse(readFileSync(record(folder), 'utf8')) as { directory: string }).directory, directory);
  });
}

test('the folder that a start left behind goes with the next one', (t) => {
  const folder = home(t);
  const first = makeNetworkDirectory(folder);
  const second = makeNetworkDirectory(folder);
  t.after(() => rmSync(second, { recursive: true, force: true }));
  assert.deepEqual([existsSync(first), existsSync(second)], [false, true]);
});
