import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ProcessEffect } from '../../../faults/drivers/driver.ts';
import type { Reading } from '../../../faults/evidence.ts';
import type { Container, Pod } from '../../kinds/types.ts';
import { startReaper } from '../../reaper.ts';
import { until } from '../../testing/until.ts';
import { processIdentity } from '../process-identity.ts';
import { descendants } from '../process-tree.ts';
import { openProcessTable } from '../process-table.ts';
import { openContainerResources } from '../resources/container-resources.ts';
import { openPodFaults } from './pod-faults.ts';

const skip = process.platform === 'linux' ? false : 'looks at processes through /proc';

/** A pod whose container runs a program, with a child that has left its group; and what acts on it. */
async function world(t: TestContext, container: Partial<Container> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'pod-faults-'));
  const reaper = startReaper();
  const opened = openProcessTable(join(home, 'run', 'processes.json'), reaper);
  const table = new Set<number>();
  const processes = {
    add(pid: number) {
      table.add(pid);
      opened.add(pid);
    },
    delete(pid: number) {
      table.delete(pid);
      opened.delete(pid);
    },
  };
  const resources = openContainerResources(home);
  const faults = openPodFaults({ home, processes, resources });
  const readings = new Map<string, Reading>();
  faults.onReading((_id, reading) => readings.set(reading.counter, reading));
  t.after(async () => {
    await faults.close();
    resources.close();
    await reaper.end();
    await until('nothing writes any more', () => table.size === 0);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  const spec = { containers: [{ name: 'main', image: 'x', ...container }] };
  const pod = { metadata: { name: 'web-1', namespace: 'shop', uid: 'u1' }, spec } as Pod;
  const fault = (effect: ProcessEffect, remainingMs = 60_000, id = 'f1') =>
    faults.begin({ id, effect, remainingMs }, pod);

  async function run(code = `require('child_process').spawn('sleep', ['600'], { detached: true }); console.log('up')`) {
    const child = spawn(process.execPath, ['-e', `${code}; setInterval(() => {}, 1000)`], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = child.pid!;
    processes.add(pid);
    const stop = new AbortController();
    const started = { podUid: 'u1', container: spec.containers[0]!, pid, ended: stop.signal };
    let isOutOfMemory = false;
    const onOutOfMemory = () => {
      isOutOfMemory = true;
      child.kill('SIGKILL');
    };
    resources.begin({ ...started, onOutOfMemory, event: () => undefined });
    const exited = faults.started({ ...started, pod, isNative: false, print: () => undefined });
    const gone = once(child, 'exit').then(() => {
      processes.delete(pid);
      stop.abort();
      exited(isOutOfMemory ? 'OOMKilled' : 'Error');
    });
    return { pid, child, gone, up: once(child.stdout, 'data') };
  }
  const counted = () => [...readings.values()].map(({ pods, counter: _counter, ...counts }) => ({ pods, ...counts }));
  return { faults, fault, run, counted, resources };
}

/** `T` of a process that is stopped. */
const stateOf = (pid: number) => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))![1];
const isStopped = (pid: number) => [pid, ...descendants(pid)].every((each) => stateOf(each) === 'T');
const goesOn = (pid: number) => [pid, ...descendants(pid)].every((each) => stateOf(each) !== 'T');

test(
  'a frozen container stands still with all that it has started, and goes on when that is ended',
  { skip },
  async (t) => {
    const { faults, fault, run, counted } = await world(t);
    const { pid, up } = await run();
    await up;
    assert.equal(descendants(pid).length, 1);
    await fault({ type: 'freeze' });
    await until('the last of its signals has arrived', () => isStopped(pid));
    assert.deepEqual([counted(), await faults.acting()], [[{ pods: ['web-1'] }], ['f1']]);
    const since = performance.now();
    await faults.end('f1');
    assert.ok(performance.now() - since < 300);
    assert.deepEqual([goesOn(pid), await faults.acting()], [true, []]);
  },
);

test('it goes on by itself at the end of its lease, also when its watchman was killed', { skip }, async (t) => {
  const { faults, fault, run } = await world(t);
  const { pid, up } = await run();
  await up;
  await fault({ type: 'freeze' }, 300);
  await until('the lease is over', () => goesOn(pid));
  await until('it is told so', async () => (await faults.acting()).length === 0);
  await fault({ type: 'freeze' }, 60_000, 'f2');
  const shell = watchmen(pid)[0]!;
  process.kill(shell, 'SIGKILL');
  await until('it was let go', () => goesOn(pid));
});

test('a container that is started anew is not frozen: its restart has cured it', { skip }, async (t) => {
  const { faults, fault, run } = await world(t);
  const first = await run();
  await first.up;
  await fault({ type: 'freeze' });
  first.child.kill('SIGKILL');
  await first.gone;
  const second = await run();
  await second.up;
  assert.deepEqual([goesOn(second.pid), await faults.acting()], [true, ['f1']]);
});

test('what stops processes is not done to a pod twice at once', { skip }, async (t) => {
  const { fault, run } = await world(t);
  await (
    await run()
  ).up;
  await fault({ type: 'freeze' });
  await fault({ type: 'freeze' });
  await assert.rejects(
    fault({ type: 'cpu-hog', percent: 50 }, 1_000, 'f2'),
    /a fault of type freeze stops its processes/,
  );
});

test('a slow start holds what is started meanwhile, and nothing else', { skip }, async (t) => {
  const { faults, fault, run, counted } = await world(t);
  const before = await run();
  await before.up;
  await fault({ type: 'slow-start', delayMs: 60_000 });
  assert.ok(goesOn(before.pid));
  before.child.kill('SIGKILL');
  await before.gone;
  const { pid, up } = await run();
  await until('it is held', () => counted()[0]?.delayed === 1);
  await until('the last of its signals has arrived', () => isStopped(pid));
  await faults.end('f1');
  await up;
});

test('a slow start is over after its time', { skip }, async (t) => {
  const { fault, run } = await world(t);
  await fault({ type: 'slow-start', delayMs: 400 });
  const since = performance.now();
  await (
    await run()
  ).up;
  assert.ok(performance.now() - since >= 400);
});

/** Prints each half second for how long it had no processor at a time, in ms. */
const waiting = `
console.log('up');
let last = performance.now(), worst = 0;
setInterval(() => { const now = performance.now(); worst = Math.max(worst, now - last); last = now; }, 5);
setInterval(() => { console.log(Math.round(worst)); worst = 0; }, 500)`;

test(
  `a hog takes its part of the processor from the pod, and what it burns counts as the pod's`,
  { skip },
  async (t) => {
    const { faults, fault, run, resources } = await world(t);
    const { child, pid, up } = await run(waiting);
    await up;
    await fault({ type: 'cpu-hog', percent: 80 });
    await until('it is stopped', () => isStopped(pid));
    await until('it is kept waiting', async () => Number(String((await once(child.stdout, 'data'))[0])) >= 60);
    await until('its use is counted', () => (resources.podUsage('u1')?.containers[0]?.cpuNanoCores ?? 0) > 100_000_000);
    await faults.end('f1');
    await until('it waits no more', async () => Number(String((await once(child.stdout, 'data'))[0])) < 60);
    assert.ok(goesOn(pid));
    assert.equal(watchmen(pid).length, 0);
  },
);

test('a leak has its container ended as OOMKilled, again and again, and ends with the fault', { skip }, async (t) => {
  const { faults, fault, run, counted } = await world(t, { resources: { limits: { memory: '120Mi' } } });
  const first = await run();
  await first.up;
  await fault({ type: 'memory-leak', bytesPerSecond: 200_000_000 });
  await first.gone;
  const second = await run();
  await second.gone;
  assert.deepEqual(counted(), [{ pods: ['web-1'], killed: 2 }]);
  await faults.end('f1');
  const third = await run();
  await third.up;
  assert.equal(third.child.exitCode, null);
});

test('readiness probes fail, as many as it says, and no others', async (t) => {
  const { faults, fault, counted } = await world(t);
  const well = { isWell: true, message: '' };
  await fault({ type: 'failing-readiness', percent: 100 });
  assert.equal(faults.judge('u1', 'readinessProbe', well).isWell, false);
  assert.deepEqual(
    [faults.judge('u1', 'livenessProbe', well), faults.judge('u2', 'readinessProbe', well)],
    [well, well],
  );
  assert.deepEqual(counted(), [{ pods: ['web-1'], failed: 1 }]);
  await faults.end('f1');
  assert.deepEqual(faults.judge('u1', 'readinessProbe', well), well);
});

test('a program of another language is told to be out of reach of a full disk', async (t) => {
  const { faults, fault } = await world(t, { volumeMounts: [{ name: 'data', mountPath: '/data' }] });
  const pod = { metadata: { name: 'web-1', uid: 'u1' }, spec: { containers: [] } } as unknown as Pod;
  const container = { name: 'main', image: 'x', volumeMounts: [{ name: 'data', mountPath: '/data' }] };
  faults.started({
    pod,
    container,
    pid: process.pid,
    ended: new AbortController().signal,
    isNative: true,
    print: () => undefined,
  });
  await assert.rejects(fault({ type: 'disk-full' }), /main is no program of Node/);
  assert.deepEqual(await faults.acting(), []);
});

/** The shells that this process has beside a container. */
function watchmen(pid: number): number[] {
  return descendants(process.pid).filter((each) => {
    if (processIdentity(each) === null) return false;
    const line = readFileSync(`/proc/${each}/cmdline`, 'latin1').split('\0');
    return line[0] === 'sh' && line[4] === String(pid);
  });
}
