import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { types } from '../../api-schema/facts.ts';
import { signal } from './process-tree.ts';
import { stopSignal } from './stop-signal.ts';

const names = types['io.k8s.api.core.v1.Lifecycle']!.fields.stopSignal!.enum!;

test('every signal that a Pod may name can be sent', async (t) => {
  const child = spawn('sh', ['-c', 'exec sleep 60']);
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  // One that has ended gets none, but only a name that there is has a number to send.
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(names.includes('SIGRTMIN+3') && names.includes('SIGCLD') && names.length > 50);
  for (const name of names) assert.equal(signal(child.pid!, stopSignal(name)), false, name);
});

test(
  'a real-time signal reaches its process',
  { skip: process.platform !== 'linux' && 'only Linux has them' },
  async (t) => {
    assert.deepEqual(['SIGRTMIN', 'SIGRTMIN+3', 'SIGRTMAX-1', 'SIGRTMAX'].map(stopSignal), [34, 37, 63, 64]);
    const child = spawn('sh', ['-c', 'trap "exit 7" 37; echo ready; while :; do sleep 0.01; done']);
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    signal(child.pid!, stopSignal('SIGRTMIN+3'));
    assert.deepEqual(await once(child, 'exit'), [7, null]);
  },
);
