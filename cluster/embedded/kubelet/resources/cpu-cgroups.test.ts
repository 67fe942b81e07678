import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { until } from '../../testing/until.ts';
import { openCpuCgroups } from './cpu-cgroups.ts';

const trial = openCpuCgroups('/trial');
trial.close();
const skip = trial.unavailable ?? false;

function busy(t: TestContext): number {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  return child.pid!;
}

const groupOf = async (pid: number) => {
  const lines = (await readFile(`/proc/${pid}/cgroup`, 'utf8')).split('\n');
  return lines.map((line) => /breakwater-.*/.exec(line)?.[0]).find(Boolean);
};

/** Where in the file system a group of that name is. Those of other programs come and go meanwhile. */
function foldersNamed(name: string, folder = '/sys/fs/cgroup'): string[] {
  return foldersIn(folder).flatMap((inner) => {
    const path = join(folder, inner);
    return inner === name ? [path] : foldersNamed(name, path);
  });
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

test('a process under a limit is throttled, and its group goes with it', { skip }, async (t) => {
  const cgroups = openCpuCgroups('/limits');
  t.after(() => cgroups.close());
  const pid = busy(t);
  const end = cgroups.limit('pod_web', pid, 100);
  const group = (await groupOf(pid))!;
  assert.match(group, /^breakwater-[0-9a-f]{12}\/pod_web$/);
  const [folder] = foldersNamed('pod_web');
  await until('the kernel has held it back', async () => {
    const throttled = /^nr_throttled (\d+)$/m.exec(await readFile(join(folder!, 'cpu.stat'), 'utf8'));
    return Number(throttled?.[1]) > 0;
  });
  process.kill(pid, 'SIGKILL');
  end();
  await until('its group is gone', async () => foldersNamed('pod_web').length === 0);
});

test('another process can share the limit of a group, and joins nothing where there is none', { skip }, async (t) => {
  const cgroups = openCpuCgroups('/shared');
  t.after(() => cgroups.close());
  const [first, second] = [busy(t), busy(t)];
  const end = cgroups.limit('pod_shared', first, 500);
  cgroups.join('pod_shared', second);
  cgroups.join('pod_without', second);
  assert.equal(await groupOf(second), await groupOf(first));
  for (const pid of [first, second]) process.kill(pid, 'SIGKILL');
  end();
  await until('its group is gone', async () => foldersNamed('pod_shared').length === 0);
});

test('a limit beyond what the kernel counts is as good as none', { skip }, async (t) => {
  const cgroups = openCpuCgroups('/huge');
  t.after(() => cgroups.close());
  const pid = busy(t);
  const end = cgroups.limit('pod_huge', pid, 1e12);
  assert.match((await groupOf(pid))!, /pod_huge$/);
  process.kill(pid, 'SIGKILL');
  end();
  await until('its group is gone', async () => foldersNamed('pod_huge').length === 0);
});

test('what a killed cluster has left is removed at the next start of any', { skip }, async (t) => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  openCpuCgroups('/killed').limit('pod_left', pid, 500);
  const left = foldersNamed('pod_left');
  assert.equal(left.length, 1);
  const next = openCpuCgroups('/another');
  t.after(() => next.close());
  assert.deepEqual(foldersNamed('pod_left'), []);
});

test('a machine without such groups says so, and lets everything run', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'cgroups-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'memory'));
  const cgroups = openCpuCgroups('/none', root);
  assert.match(cgroups.unavailable!, /no cgroup/);
  cgroups.limit('pod_web', process.pid, 100)();
});
