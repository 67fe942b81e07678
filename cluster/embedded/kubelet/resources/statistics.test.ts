import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { until } from '../../testing/until.ts';
import { fromPsOutput, readProcesses, type Processes } from './processes.ts';
import { startStatistics } from './statistics.ts';

/** A machine of one's own: what each process has used, and who started whom. */
function machine() {
  const cpu = new Map<number, number>();
  const bytes = new Map<number, number>();
  const trees = new Map<number, number[]>();
  let time = 0;
  const processes: Processes = {
    tree: (leader) => trees.get(leader) ?? [leader],
    cpuOf: (pid) => cpu.get(pid) ?? 0,
    bytesOf: (pid) => bytes.get(pid) ?? 0,
  };
  const statistics = startStatistics({ now: () => time, read: async () => processes });
  const after = (seconds: number) => {
    time += seconds * 1000;
    return statistics.sample();
  };
  return { cpu, bytes, trees, statistics, after };
}

const container = (name: string, pid: number, more: object = {}) => ({
  ...{ podUid: 'pod', name, pid, memoryLimit: null, onOutOfMemory: () => assert.fail() },
  ...more,
});

test('CPU is told for each container, as the average of the last ten seconds', async (t) => {
  const { cpu, trees, statistics, after } = machine();
  t.after(() => statistics.close());
  statistics.add(container('web', 1));
  statistics.add(container('side', 2));
  trees.set(1, [1, 11]);
  assert.equal(statistics.podUsage('pod'), null);
  cpu.set(1, 500).set(11, 500).set(2, 100);
  await after(2);
  const cores = () =>
    statistics.podUsage('pod')!.containers.map(({ name, cpuNanoCores }) => [name, cpuNanoCores / 1e9]);
  assert.deepEqual(cores(), [
    ['web', 0.5],
    ['side', 0.05],
  ]);
  for (let sample = 0; sample < 6; sample++) await after(2);
  assert.deepEqual(cores(), [
    ['web', 0],
    ['side', 0],
  ]);
  assert.equal(statistics.podUsage('pod')!.windowMs, 10_000);
});

test('what joins a container counts as its, and what it has used stays counted when it leaves', async (t) => {
  const { cpu, bytes, statistics, after } = machine();
  t.after(() => statistics.close());
  statistics.add(container('web', 1));
  const leave = statistics.join('pod', 'web', 7);
  cpu.set(1, 100).set(7, 900);
  bytes.set(1, 10).set(7, 30);
  await after(2);
  const [usage] = statistics.podUsage('pod')!.containers;
  assert.deepEqual([usage!.cpuNanoCores / 1e9, usage!.workingSetBytes], [0.5, 40]);
  leave();
  cpu.set(1, 1_100).delete(7);
  await after(2);
  const [later] = statistics.podUsage('pod')!.containers;
  assert.deepEqual([later!.cpuNanoCores / 1e9, later!.workingSetBytes], [0.5, 10]);
});

test('memory is that of the whole tree, and what goes beyond the limit is told once', async (t) => {
  const { bytes, trees, statistics, after } = machine();
  t.after(() => statistics.close());
  let told = 0;
  const end = statistics.add(container('web', 1, { memoryLimit: 100, onOutOfMemory: () => void told++ }));
  trees.set(1, [1, 11]);
  bytes.set(1, 60).set(11, 40);
  await after(2);
  assert.equal(statistics.podUsage('pod')!.containers[0]!.workingSetBytes, 100);
  assert.equal(told, 0);
  bytes.set(11, 41);
  await after(2);
  await after(2);
  assert.equal(told, 1);
  end();
  assert.equal(statistics.podUsage('pod'), null);
});

test('without /proc, ps tells it', () => {
  const processes = fromPsOutput('  1   0  1000   0:00.10\n 12   1  2000 1-02:03:04.50\n 13 12 3 1:02.00\n');
  assert.deepEqual(processes.tree(1), [1, 12, 13]);
  assert.equal(processes.bytesOf(12), 2000 * 1024);
  assert.deepEqual([1, 12, 13].map(processes.cpuOf), [100, 93_784_500, 62_000]);
});

test('a real process: its CPU counts, and memory in Buffers does too', async (t) => {
  const program = `
    const used = (now = process.cpuUsage()) => now.user + now.system;
    const kept = Buffer.alloc(80 * 1024 ** 2, 1);
    for (const { user, system } = process.cpuUsage(); used() < user + system + 300_000;);
    console.log(kept.length);
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)));
  await until('it has done its work', async () => output.includes('83886080'));
  const processes = await readProcesses();
  assert.ok(processes.cpuOf(child.pid!) >= 250, `${processes.cpuOf(child.pid!)} ms`);
  assert.ok(processes.bytesOf(child.pid!) > 80 * 1024 ** 2);
  assert.ok(processes.tree(process.pid).includes(child.pid!));
});
