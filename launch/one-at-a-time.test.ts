import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from './temporary-folder.ts';
import { oneAtATime } from './one-at-a-time.mjs';

const module = JSON.stringify(new URL('one-at-a-time.mjs', import.meta.url).href);

test('of several starts one at a time is at work, and each has its turn', async (t) => {
  const root = temporaryFolder(t);
  // Each writes when it begins and when it ends; in between another would have its say.
  const program = `
    import { oneAtATime } from ${module};
    import { appendFileSync } from 'node:fs';
    const say = (word) => appendFileSync(process.argv[1] + '/said', word);
    await oneAtATime(process.argv[1], 'work', () => {}, async () => {
      say('(');
      await new Promise((resolve) => setTimeout(resolve, 50));
      say(')');
    });`;
  const starts = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program, root], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(starts.map(async (start) => (await once(start, 'exit'))[0] as number));
  assert.deepEqual(codes, [0, 0, 0, 0]);
  assert.equal(readFileSync(join(root, 'said'), 'utf8'), '()()()()');
  assert.deepEqual(readdirSync(join(root, '.breakwater')), [], 'no lock is left');
});

test('a lock whose holder is gone holds nobody back', async (t) => {
  const root = temporaryFolder(t);
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'exit');
  mkdirSync(join(root, '.breakwater'));
  writeFileSync(join(root, '.breakwater', 'work.lock'), String(gone.pid));
  assert.equal(
    await oneAtATime(
      root,
      'work',
      () => {},
      async () => 'done',
    ),
    'done',
  );
});

test('what fails lets the next one in', async (t) => {
  const root = temporaryFolder(t);
  const fail = () => oneAtATime(root, 'work', assert.fail, () => Promise.reject(new Error('full')));
  await assert.rejects(fail, /full/);
  await assert.rejects(fail, /full/);
});
