import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.ts';

const reporter = fileURLToPath(new URL('./test-reporter.mjs', import.meta.url));

test('the counts are those of the tests, and failures and skips say why', (t) => {
  const folder = temporaryFolder(t);
  const result = join(folder, 'result.json');
  writeFileSync(
    join(folder, 'some.test.mjs'),
    `import { describe, test } from 'node:test';
     describe('a suite is not a test', () => test('holds', () => {}));
     test('breaks', () => { throw new Error('the very reason'); });
     test('waits', { skip: 'needs a Mac' }, () => {});`,
  );
  const { NODE_TEST_CONTEXT: _, ...rest } = process.env; // It would make the runner below report to ours.
  const env = { ...rest, BREAKWATER_TEST_RESULT: result };
  const args = ['--test', `--test-reporter=${reporter}`, 'some.test.mjs'];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
  assert.deepEqual(JSON.parse(readFileSync(result, 'utf8')), { passed: 1, failed: 1, skipped: 1 });
  assert.equal(status, 1);
  assert.match(stdout, /✗ some\.test\.mjs:3 breaks\n\s+Error: the very reason/);
  assert.match(stdout, /skipped: waits \(needs a Mac\)/);
});
