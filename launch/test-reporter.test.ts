import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.ts';

const reporter = fileURLToPath(new URL('./test-reporter.mjs', import.meta.url));

/** What the reporter printed and counted of one file with this text. */
function reported(t: TestContext, text: string) {
  const folder = temporaryFolder(t);
  const result = join(folder, 'result.json');
  writeFileSync(join(folder, 'some.test.mjs'), text);
  const { NODE_TEST_CONTEXT: _, ...rest } = process.env; // It would make the runner below report to ours.
  const env = { ...rest, BREAKWATER_TEST_RESULT: result };
  const args = ['--test', `--test-reporter=${reporter}`, 'some.test.mjs'];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
  return { stdout, status, counts: JSON.parse(readFileSync(result, 'utf8')) as unknown };
}

test('the counts are those of the tests, and failures and skips say why', (t) => {
  const { stdout, status, counts } = reported(
    t,
    `import { describe, test } from 'node:test';
     describe('a suite is not a test', () => test('holds', () => {}));
     test('breaks', () => { throw new Error('the very reason'); });
     test('waits', { skip: 'needs a Mac' }, () => {});`,
  );
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 1 });
  assert.equal(status, 1);
  assert.match(stdout, /✗ some\.test\.mjs:3 breaks\n\s+Error: the very reason/);
  assert.match(stdout, /skipped: waits \(needs a Mac\)/);
});

test('a file that breaks after its tests passed says by what', (t) => {
  const { stdout, status, counts } = reported(
    t,
    `import { test } from 'node:test';
     test('holds', () => { setTimeout(() => { throw new Error('too late'); }, 20); });`,
  );
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 });
  assert.equal(status, 1);
  assert.match(stdout, /! some\.test\.mjs: .*too late/);
});

test('a suite whose hook fails says why, where its tests only say that they did not run', (t) => {
  const { stdout, counts } = reported(
    t,
    `import { before, describe, test } from 'node:test';
     describe('a shop', () => {
       before(() => { throw new Error('the port is taken'); });
       test('sells', () => {});
     });`,
  );
  assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 });
  assert.match(stdout, /✗ some\.test\.mjs:2 before or after a shop\n\s+Error: the port is taken/);
});
