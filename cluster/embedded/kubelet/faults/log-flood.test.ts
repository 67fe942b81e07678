import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Pod } from '../../kinds/types.ts';
import type { EffectHost, FaultedContainer } from './effect.ts';
import { logFlood } from './log-flood.ts';

/** A pod with an agent that shares a folder with its service, flooded with 300 lines a second. */
function flooded(t: TestContext, delivery: string) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const home = mkdtempSync(join(tmpdir(), 'log-flood-'));
  t.after(() => rmSync(home, { recursive: true }));
  const folder = join(home, 'pods', 'u1', 'volumes', 'log-lines');
  mkdirSync(folder, { recursive: true });
  const env = [
    { name: 'LOG_FOLDER', value: '/var/log/service' },
    { name: 'LOG_DELIVERY', value: delivery },
  ];
  const volumeMounts = [{ name: 'log-lines', mountPath: '/var/log/service' }];
  const container = { name: 'service', image: 'x', env, volumeMounts };
  const metadata = { name: 'orders-1', uid: 'u1', labels: { app: 'orders' } };
  const pod = { metadata, spec: { containers: [container] } } as Pod;
  let counted = 0;
  const tell: EffectHost['tell'] = ({ sent }) => (counted = sent!);
  const effect = logFlood({ type: 'log-flood', linesPerSecond: 300 }, { pod, home, tell } as EffectHost);
  t.after(() => effect.end());
  let output = '';
  const print = (lines: string) => (output += lines);
  const begin = (name: string) =>
    effect.onContainer!(
      { pod, container: { ...container, name }, print, ended: t.signal } as never as FaultedContainer,
      false,
    );
  return { folder, effect, begin, output: () => output.split('\n').slice(0, -1), counted: () => counted };
}

test('a flooded pod prints so many lines a second, and none once that is ended', async (t) => {
  const { effect, begin, output, counted } = flooded(t, 'buffered');
  await begin('log-agent');
  await begin('service');
  t.mock.timers.tick(2_000);
  assert.deepEqual([output().length, counted()], [600, 600]);
  const { service, line } = JSON.parse(output()[599]!) as Record<string, unknown>;
  assert.deepEqual([service, line], ['orders', 600]);
  await effect.end();
  t.mock.timers.tick(2_000);
  assert.equal(output().length, 600);
});

test('the lines are in the file that an agent in the pod reads, once its service has begun one', async (t) => {
  const { folder, begin } = flooded(t, 'buffered');
  await begin('service');
  t.mock.timers.tick(1_000);
  const file = join(folder, 'service.log');
  writeFileSync(file, 'of the service\n');
  t.mock.timers.tick(1_000);
  assert.equal(readFileSync(file, 'utf8').split('\n').length, 302);
});

test('the lines fill the pipe of an agent that takes them one by one, and do not wait for it', async (t) => {
  const { folder, begin, output } = flooded(t, 'synchronous');
  execFileSync('mkfifo', ['lines'], { cwd: folder });
  const reader = openSync(join(folder, 'lines'), constants.O_RDWR | constants.O_NONBLOCK);
  await begin('service');
  t.mock.timers.tick(10_000);
  assert.equal(output().length, 3_000);
  const pipe = Buffer.alloc(1 << 20);
  const waiting = pipe.toString('latin1', 0, readSync(reader, pipe)).split('\n').slice(0, -1);
  assert.ok(waiting.length > 50 && waiting.length < 3_000, `${waiting.length} lines`);
  assert.ok(waiting.every((line) => line.startsWith('0 {') && line.endsWith('}')));
});
