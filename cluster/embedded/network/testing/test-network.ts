import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJsonLines, writeJsonLine } from '../json-lines.ts';
import type { FaultCounts, FaultRule, PodAttachment, ServiceRoute } from '../pod-network.ts';
import { startPodNetwork, type UserSpacePodNetwork } from '../start-pod-network.ts';

const PROGRAM = fileURLToPath(new URL('./pod-program.ts', import.meta.url));

interface Outcome {
  id: number;
  value?: unknown;
  error?: { message: string; code?: string };
}

/** A pod with one container, which runs the functions it is given: in another process, so they must not close over anything. */
export class TestPod {
  readonly uid: string;
  readonly attachment: PodAttachment;
  readonly process: ChildProcess;
  #waiting = new Map<number, (outcome: Outcome) => void>();
  #nextId = 1;

  constructor(uid: string, attachment: PodAttachment) {
    this.uid = uid;
    this.attachment = attachment;
    this.process = spawn(process.execPath, [...attachment.nodeArguments, PROGRAM], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...attachment.env },
    });
    this.process.stdin?.on('error', () => undefined);
    this.process.once('exit', () => {
      for (const [id, settle] of this.#waiting)
        settle({ id, error: { message: `pod ${uid} exited before it answered` } });
    });
    if (!this.process.stdout) throw new Error(`pod ${uid} has no stdout`);
    readJsonLines<Outcome>(this.process.stdout, (outcome) => {
      this.#waiting.get(outcome.id)?.(outcome);
      this.#waiting.delete(outcome.id);
    });
  }

  /** Runs a function in the pod; rejects with what it throws (the cause's code, where there is a cause). */
  async run<A, T>(program: (argument: A) => T, argument?: A): Promise<Awaited<T>> {
    const outcome = await new Promise<Outcome>((resolve) => {
      const id = this.#nextId++;
      this.#waiting.set(id, resolve);
      if (this.process.stdin) writeJsonLine(this.process.stdin, { id, source: program.toString(), argument });
    });
    if (outcome.error) throw Object.assign(new Error(outcome.error.message), { code: outcome.error.code });
    return outcome.value as Awaited<T>;
  }

  /** An HTTP server on port 8080 that answers `hello from <name>`. */
  async serveHello(): Promise<void> {
    await this.run(async (name) => {
      const { createServer } = await import('node:http');
      const server = createServer((request, response) => {
        request.resume().once('end', () => response.end(`hello from ${name}`));
      });
      server.keepAliveTimeout = 60_000;
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(8080, resolve);
      });
    }, this.uid);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill(signal);
    await exited;
  }
}

/** A network of its own for a test file, with everything that has to be taken down again. */
export class TestNetwork {
  readonly network: UserSpacePodNetwork;
  readonly #home: string;
  readonly #pods: TestPod[] = [];
  /** What each fault has done so far, as the data plane of the moment counts. */
  readonly counts: Record<string, FaultCounts> = {};

  private constructor(network: UserSpacePodNetwork, home: string) {
    this.network = network;
    this.#home = home;
    network.onFaultCounts((counts) => Object.assign(this.counts, counts));
  }

  static async start(onExit?: (error: Error) => void): Promise<TestNetwork> {
    const home = await mkdtemp(join(tmpdir(), 'breakwater-network-test-'));
    return new TestNetwork(await startPodNetwork({ home, onExit }), home);
  }

  /** A running pod of namespace `shop`; its uid and name are given. */
  async pod(uid: string, nodeName = 'node-1'): Promise<TestPod> {
    const attachment = await this.network.attach({ uid, name: uid, namespace: 'shop', nodeName });
    const pod = new TestPod(uid, attachment);
    this.#pods.push(pod);
    return pod;
  }

  async close(): Promise<void> {
    await Promise.all(this.#pods.map((pod) => pod.kill()));
    await this.network.close();
    await rm(this.#home, { recursive: true, force: true });
  }
}

/** A Service of namespace `shop` on port 8080, in front of the same port of these pods. */
export function service(name: string, clusterIP: string | null, pods: TestPod[]): ServiceRoute {
  const endpoints = pods.map(({ uid }) => ({ uid, port: 8080 }));
  return { namespace: 'shop', name, clusterIP, members: endpoints, ports: [{ name: '', port: 8080, endpoints }] };
}

/** A delay on the calls of these pods to the Service payments, for a minute unless told otherwise. */
export function delay(delayMs: number, callers: TestPod[], rule: Partial<FaultRule> = {}, jitterMs = 0): FaultRule {
  return {
    id: 'slow',
    sources: callers.map(({ uid }) => uid),
    destinations: ['shop/payments'],
    fault: { type: 'latency', attributes: { delayMs, jitterMs } },
    remainingMs: 60_000,
    ...rule,
  };
}
