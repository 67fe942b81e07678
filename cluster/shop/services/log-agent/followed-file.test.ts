import assert from 'node:assert/strict';
import fs, { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FollowedFile } from './followed-file.ts';

test('what comes into a file just before another takes its place is read', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'followed-'));
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'service.log');
  writeFileSync(path, 'first\n');
  const file = new FollowedFile(path);
  assert.deepEqual(file.read(), ['first']);
  // The writer is as quick as it can be: between the reader's look at the file and the one at its name.
  const look = fs.statSync;
  const mocked = t.mock.method(fs, 'statSync', (...given: Parameters<typeof look>) => {
    if (mocked.mock.callCount() === 0) {
      appendFileSync(path, 'last\n');
      renameSync(path, `${path}.1`);
      writeFileSync(path, 'new\n');
    }
    return look(...given);
  });
  syncBuiltinESMExports();
  assert.deepEqual(file.read(), ['last']);
  assert.deepEqual(file.read(), ['new']);
  file.close();
});
