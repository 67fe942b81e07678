import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { startCluster, type Cluster } from './cluster.ts';

/** The cluster process. Told over IPC what to do and telling how it goes, or by signals when started by hand. */

/** Whatever hangs then is left to the reaper, which kills it as soon as we are gone. */
const stopWithinMs = 2_000;

/** Unless `npm run cluster -- --nodes N` says otherwise, which has looked at the number. */
const defaultNodes = 3;

const home = resolve(process.env.BREAKWATER_HOME || '.breakwater');
let cluster: Cluster | null = null;
let stopping = false;

const say = (message: object) => process.connected && process.send?.(message);

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(0), stopWithinMs);
  try {
    await cluster?.stop();
  } catch (error) {
    console.error('the cluster did not stop cleanly:', error);
  }
  process.exit(0);
}

// They are files, and a disk may be full: what cannot be written is lost, and nothing ends of it.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
process.on('message', (message: { type?: string } | null) => {
  if (message?.type === 'stop') void stop();
});
// Whoever started us is gone: no time for graces.
process.on('disconnect', () => process.exit(1));

try {
  mkdirSync(home, { recursive: true });
  cluster = await startCluster({
    home,
    anyProgram: process.env.BREAKWATER_ANY_PROGRAM === 'yes',
    nodes: Number(process.env.BREAKWATER_NODES) || defaultNodes,
    onProgress: (phase, detail) => say({ type: 'progress', phase, detail }),
  });
  if (!process.send) process.stdout.write(`export KUBECONFIG=${cluster.kubeconfig}\n`);
  say({ type: 'ready', kubeconfig: cluster.kubeconfig });
} catch (error) {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  console.error(code ? `${code}: ${message}` : stack);
  process.exit(1);
}
