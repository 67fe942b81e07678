import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { findAncestors, watchAncestors } from './ancestors.ts';

const module = new URL('./ancestors.ts', import.meta.url).href;
const report = `import { findAncestors } from '${module}';
  console.log(JSON.stringify(findAncestors(process.env).map(({ pid }) => pid)), process.ppid);`;

/** What a process finds when it was started so, and the pid of the process above it. */
async function found(env: Record<string, string>, shell: boolean) {
  const node = [process.execPath, '--input-type=module-typescript', '-e', report];
  // The echo keeps the shell from becoming the program.
  const [command, ...args] = shell ? ['sh', '-c', '"$0" "$@"; echo', ...node] : node;
  const child = spawn(command!, args, {
    env: { PATH: process.env.PATH, NODE_ENV: 'test', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const [, pids, parent] = /^(\[.*\]) (\d+)/.exec(String(text))!;
  return { pids: JSON.parse(pids!) as number[], parent: Number(parent) };
}

test('started by hand it has none: whoever started it may leave', async () => {
  assert.deepEqual((await found({}, false)).pids, []);
});

test('started by npm without a shell between, it is npm', async () => {
  const { pids, parent } = await found({ npm_lifecycle_event: 'start' }, false);
  assert.deepEqual(pids, [parent]);
  assert.equal(parent, process.pid);
});

test("started by npm's shell, it is the shell and npm", async () => {
  const { pids, parent } = await found({ npm_lifecycle_event: 'start' }, true);
  assert.deepEqual(pids, [parent, process.pid]);
});

test('started by our launcher on an older Node, it is the launcher', async () => {
  assert.deepEqual((await found({ BREAKWATER_STARTER: String(process.pid) }, false)).pids, [process.pid]);
});

test('whoever named itself is one, however many there are between', async () => {
  const far = String(process.ppid);
  assert.deepEqual((await found({ BREAKWATER_STARTER: far }, false)).pids, [process.ppid]);
  const { pids } = await found({ BREAKWATER_STARTER: `${far} ${process.pid}`, npm_lifecycle_event: 'start' }, false);
  assert.deepEqual(pids.slice(0, 2), [process.ppid, process.pid]);
});

test('one that was gone before is told of as lost', async () => {
  const child = spawn('true');
  await once(child, 'exit');
  const [gone] = findAncestors({ NODE_ENV: 'test', BREAKWATER_STARTER: String(child.pid) });
  assert.deepEqual(gone, { pid: child.pid, identity: null });
  const keepAlive = setInterval(() => {}, 1_000);
  const lost = await new Promise((resolve) => watchAncestors([gone!], resolve));
  clearInterval(keepAlive);
  assert.equal(lost, gone);
});

test('the loss of one is told within a second, zombie or not', async () => {
  const child = spawn('sleep', ['60']);
  const [ancestor] = findAncestors({ NODE_ENV: 'test', npm_lifecycle_event: 'start' }, child.pid);
  const since = performance.now();
  const lost = new Promise((resolve) => {
    const keepAlive = setInterval(() => {}, 1_000);
    watchAncestors([ancestor!], (gone) => {
      clearInterval(keepAlive);
      resolve(gone);
    });
  });
  child.kill('SIGKILL');
  assert.deepEqual(await lost, ancestor);
  assert.ok(performance.now() - since < 1_000);
});
