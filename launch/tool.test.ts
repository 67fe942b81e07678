import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { processIdentity } from '../cluster/embedded/kubelet/process-identity.ts';
import { runTool } from './tool.mjs';

test('a tool gives its exit code and its last lines', async () => {
  const seen: string[] = [];
  const result = await runTool('sh', ['-c', 'echo one; echo two >&2; exit 3'], {
    cwd: '/',
    onLine: (line) => seen.push(line),
  });
  assert.equal(result.code, 3);
  assert.deepEqual(result.tail.sort(), ['one', 'two']);
  assert.deepEqual(seen.sort(), ['one', 'two']);
});

test('a tool that takes too long is ended with all it started', async () => {
  const { code } = await runTool('sh', ['-c', 'sleep 60 & sleep 60'], { cwd: '/', timeoutMs: 50 });
  assert.equal(code, null);
});

test('a tool that is not there is an error, not a silence', async () => {
  await assert.rejects(runTool('no-such-program', [], { cwd: '/' }), { code: 'ENOENT' });
});

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
  test(`a tool does not outlive whoever ran it and got ${signal}`, async (t) => {
    const code = `import { runTool } from '${new URL('./tool.mjs', import.meta.url).href}';
      await runTool('sh', ['-c', 'sleep 60 & echo $! $$; wait'], { cwd: '/', onLine: console.log });`;
    const runner = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => runner.kill('SIGKILL'));
    const [line] = (await once(runner.stdout, 'data')) as [Buffer];
    const pids = String(line).trim().split(' ').map(Number);
    assert.ok(pids.length === 2 && pids.every((pid) => processIdentity(pid)));
    runner.kill(signal);
    const end = performance.now() + 1_000;
    while (pids.some((pid) => processIdentity(pid))) {
      assert.ok(performance.now() < end, 'it is still there after a second');
      await delay(10);
    }
  });
}
