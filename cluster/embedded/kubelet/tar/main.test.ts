import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

function tar(args: string[], input?: Buffer) {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], { input });
}

test('what is packed is unpacked elsewhere, under the names that kubectl cp expects', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tar-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'from', 'sub'), { recursive: true });
  mkdirSync(join(folder, 'to'));
  writeFileSync(join(folder, 'from', 'sub', 'file'), 'carried');
  const { stdout: archive } = tar(['cf', '-', join(folder, 'from')]);
  assert.equal(tar(['-xmf', '-', '-C', join(folder, 'to')], archive).status, 0);
  assert.equal(readFileSync(join(folder, 'to', folder, 'from', 'sub', 'file'), 'utf8'), 'carried');
});

test('what is not there is told, and ends as with any tar', () => {
  const { status, stderr } = tar(['cf', '-', '/no/such/thing']);
  assert.equal(status, 2);
  assert.match(stderr.toString(), /^tar: .*\/no\/such\/thing/);
});
