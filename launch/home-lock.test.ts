import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { noSmallDisk, smallDisk } from '../cluster/embedded/testing/small-disk.ts';
import { lockHome } from './home-lock.ts';
import { temporaryFolder } from './temporary-folder.ts';

const module = new URL('./home-lock.ts', import.meta.url).href;

/** A process that locks the folder, says so, and stays. */
async function holder(home: string) {
  const code = `import { lockHome } from '${module}';
    try { lockHome('${home}').announce('http://127.0.0.1:4000'); console.log('locked'); } catch (error) { console.log(error.code); }
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: String(said).trim() };
}

test('a folder held by a living process is refused, naming that process and its page', async (t) => {
  const home = temporaryFolder(t);
  const { child, said } = await holder(home);
  t.after(() => child.kill('SIGKILL'));
  assert.equal(said, 'locked');
  assert.throws(() => lockHome(home), {
    code: 'already-running',
    message: `Breakwater already runs on ${home} (process ${child.pid}, http://127.0.0.1:4000).`,
  });
  assert.deepEqual(readdirSync(home), ['lock']);
});

test('the lock of a process that was killed is taken over', async (t) => {
  const home = temporaryFolder(t);
  const { child } = await holder(home);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = lockHome(home);
  assert.deepEqual(readdirSync(home), ['lock']);
  lock.release();
  assert.deepEqual(readdirSync(home), []);
});

test('a lock of another process that has the pid by now does not count', (t) => {
  const home = temporaryFolder(t);
  writeFileSync(join(home, 'lock'), JSON.stringify({ pid: process.pid, identity: 'an earlier boot 1', url: null }));
  lockHome(home).release();
  assert.equal(existsSync(join(home, 'lock')), false);
});

test('a lock that is half written is taken over', (t) => {
  const home = temporaryFolder(t);
  writeFileSync(join(home, 'lock'), '{"pid": 12');
  lockHome(home).release();
});

test('what killed starts had begun to write goes, and what a living process writes stays', (t) => {
  const home = temporaryFolder(t);
  for (const name of ['lock.999999999', 'lock.999999999.stale', 'kubeconfig.999999999', `kubeconfig.${process.ppid}`]) {
    writeFileSync(join(home, name), '');
  }
  lockHome(home);
  assert.deepEqual(readdirSync(home).sort(), [`kubeconfig.${process.ppid}`, 'lock']);
});

test('a lock that the disk has no space for leaves nothing behind', { skip: noSmallDisk }, (t) => {
  const disk = smallDisk(4);
  t.after(() => disk.remove());
  disk.fill();
  assert.throws(() => lockHome(disk.folder), { code: 'ENOSPC' });
  assert.deepEqual(readdirSync(disk.folder), ['ballast']);
  disk.empty();
  const lock = lockHome(disk.folder);
  disk.fill();
  lock.announce('http://127.0.0.1:4000'); // no reason to stop
  assert.deepEqual(readdirSync(disk.folder).sort(), ['ballast', 'lock']);
});

test('of several processes that want a stale lock, one gets it', async (t) => {
  const home = temporaryFolder(t);
  writeFileSync(join(home, 'lock'), JSON.stringify({ pid: 999_999_999, identity: 'gone', url: null }));
  const all = await Promise.all([1, 2, 3, 4].map(() => holder(home)));
  t.after(() => all.forEach(({ child }) => child.kill('SIGKILL')));
  assert.deepEqual(all.map(({ said }) => said).sort(), [
    'already-running',
    'already-running',
    'already-running',
    'locked',
  ]);
});
