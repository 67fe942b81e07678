import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { CoreV1Api, Exec, KubeConfig, PortForward } from '@kubernetes/client-node';
import fc from 'fast-check';
import { startCluster, type Cluster } from '../../../cluster.ts';
import { newHome, removeHome } from '../../../testing/cluster-process.ts';
import { script } from '../../../testing/manifests.ts';
import { until } from '../../../testing/until.ts';
import { conversations, echoPort, pods, type Conversation } from './conversations.ts';
import { converse } from './converse.ts';
import type { FuzzResult } from './fuzz.ts';
import { assertNothingLeft, idleResources } from './leftovers.ts';

/** Conversations at once: one that waits must not hold up the others. */
const atOnce = 16;
/** After so many, everything is there that stays: code, caches, sessions of TLS. */
const warmUp = 64;
const namespace = 'default';

/** Gives back what it hears, and listens where `echoPort` says; on a terminal, no key ends it. */
const program = `
require('node:net').createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(${echoPort});
process.stdin.setRawMode?.(true);
process.stdin.on('data', (data) => process.stdout.write(data)).on('error', () => {});
console.log('listening');
`;

/**
 * Sends mutated frames, by WebSocket and by SPDY, to commands in real pods of a cluster in this process, and to their ports.
 *
 * @throws AssertionError for an answer of 500, for anything the cluster has logged, and for a connection, a process, or memory that is
 *   left when all clients have gone; Error for a hang
 */
export async function fuzzFrames(runs: number, seed: number): Promise<FuzzResult> {
  const home = newHome();
  const logged: unknown[][] = [];
  const { error } = console;
  console.error = (...words: unknown[]) => void logged.push(words);
  let cluster: Cluster | undefined;
  try {
    cluster = await startCluster({ home, anyProgram: true, nodes: 1 });
    const terminals = process.platform === 'linux';
    await startPods(cluster, terminals);
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    const { host, port } = new URL(config.getCurrentCluster()!.server);
    const ca = Buffer.from(config.getCurrentCluster()!.caData!, 'base64');
    const said = conversations(host, config.getCurrentUser()!.token!, terminals);
    const all = fc.sample(said, { numRuns: runs, seed });
    const statuses = new Map<number, number>();
    const lead = async (some: Conversation[]) => {
      for (let begun = 0; begun < some.length; begun += atOnce) {
        const outcomes = some.slice(begun, begun + atOnce).map((one) => outcome(Number(port), ca, one));
        for (const status of await Promise.all(outcomes)) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };

    await assertWorks(config);
    await lead(all.slice(0, warmUp));
    const idle = await idleResources();
    await lead(all.slice(warmUp));
    await assertWorks(config);
    const grown = await assertNothingLeft(idle);
    assert.deepEqual(logged, [], 'the cluster has logged');
    for (const { metadata, status } of (await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace })).items) {
      assert.equal(status?.containerStatuses?.[0]?.restartCount, 0, `the program of ${metadata!.name} has ended`);
    }
    return { statuses, grown };
  } finally {
    console.error = error;
    await cluster?.stop();
    removeHome(home);
  }
}

async function startPods({ api }: Cluster, terminals: boolean): Promise<void> {
  const names = terminals ? Object.values(pods) : [pods.plain];
  for (const name of names) {
    const container = { stdin: true, tty: name === pods.terminal };
    await api.create('Pod', script(name, program, container) as never);
  }
  await until('the pods run', async () => {
    const { items } = await api.list('Pod', { namespace });
    return items.every(({ status }) => (status as { phase?: string })?.phase === 'Running');
  });
}

/** @returns the status of its answer, 0 without one */
async function outcome(port: number, ca: Buffer, conversation: Conversation): Promise<number> {
  const { request, pieces, ...manners } = conversation;
  const all = Buffer.concat(pieces);
  const what = () =>
    `${request.toString().replace(/Bearer .*/, 'Bearer ...')}${JSON.stringify(manners)}, in ${pieces.length} pieces, ` +
    `${all.length} bytes: ${all.subarray(0, 600).toString('hex')}`;
  const { status, text } = await converse(port, ca, conversation).catch((cause: unknown) => {
    throw new Error(`${String(cause)}, after\n${what()}`, { cause });
  });
  assert.ok(status === null || status < 500, `answered ${text.slice(0, 1000)}\nto\n${what()}`);
  return status ?? 0;
}

/** A command, with its input and output, and bytes to a port and back. */
async function assertWorks(config: KubeConfig): Promise<void> {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  stdin.end('hello');
  const status = await new Promise<{ status?: string }>((resolve, reject) => {
    new Exec(config)
      .exec(namespace, pods.plain, 'main', ['cat'], stdout, null, stdin, false, resolve)
      .catch((cause: unknown) => reject(cause as Error));
  });
  assert.deepEqual([status.status, String(stdout.read())], ['Success', 'hello']);
  const [input, output] = [new PassThrough(), new PassThrough()];
  const forward = await new PortForward(config).portForward(namespace, pods.plain, [echoPort], output, null, input);
  input.write('hello');
  await until('the port answers', () => String(output.read() ?? '') === 'hello');
  (forward as { close(): void }).close();
}
