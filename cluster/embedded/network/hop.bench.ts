import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startToxiproxy } from './bench/toxiproxy.ts';
import type { PodAttachment } from './pod-network.ts';
import { startPodNetwork, type UserSpacePodNetwork } from './start-pod-network.ts';

export interface HopFigures {
  requestsPerSecond: number;
  p50Us: number;
  p99Us: number;
}

export interface HopReport {
  /**
   * By number of keep-alive connections, each with one request at a time. `ratio` is network to direct, in requests/s;
   * `toxiproxy` carried the same calls, where it is installed.
   */
  connections: Record<string, { direct: HopFigures; network: HopFigures; toxiproxy: HopFigures | null; ratio: number }>;
  /** From setFaults to the moment a live keep-alive connection sends the first call that it holds; worst of several. */
  faultToEffectMs: number;
  /** From setFaults without it to the answer of the call that it held; worst of several. */
  faultRemovedToEffectMs: number;
  /** Proportional set size of the data plane after the load, in MB; null where /proc does not tell. */
  dataPlanePssMb: number | null;
}

const LOAD_MS = 1_500;
const FAULT_ROUNDS = 5;
const SERVER = fileURLToPath(new URL('./bench/answering-server.ts', import.meta.url));
const CLIENT = fileURLToPath(new URL('./bench/calling-client.ts', import.meta.url));

/** Measures a hop over the pod network against direct loopback, in one run on the same machine; takes about 10 s. */
export async function run(): Promise<HopReport> {
  const home = await mkdtemp(join(tmpdir(), 'breakwater-hop-'));
  const network = await startPodNetwork({ home });
  const running: ChildProcess[] = [];
  try {
    const start = (pod: PodAttachment | null, ...args: string[]) => {
      const env = { ...process.env, ...pod?.env };
      const child = spawn(process.execPath, [...(pod?.nodeArguments ?? []), ...args], {
        env,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      running.push(child);
      return child;
    };
    const of = (app: string, nodeName: string) =>
      network.attach({ uid: app, name: `${app}-1`, namespace: 'shop', nodeName });
    const payments = await of('payments', 'node-1');
    const orders = await of('orders', 'node-2');
    await firstLine(start(payments, SERVER, '8080'));
    const directPort = await firstLine(start(null, SERVER, '0'));
    const endpoints = [{ uid: 'payments', port: 8080 }];
    network.setServices([
      {
        namespace: 'shop',
        name: 'payments',
        clusterIP: '10.96.0.7',
        members: endpoints,
        ports: [{ name: '', port: 8080, endpoints }],
      },
    ]);

    const toxiproxy = await startToxiproxy(directPort);
    if (toxiproxy) running.push(toxiproxy.process);

    const connections: HopReport['connections'] = {};
    for (const count of ['1', '32']) {
      const load = [count, String(LOAD_MS)];
      const direct = await figures(start(null, CLIENT, '127.0.0.1', directPort, ...load));
      const hop = await figures(start(orders, CLIENT, 'payments', '8080', ...load));
      const proxied = toxiproxy && (await figures(start(null, CLIENT, '127.0.0.1', toxiproxy.port, ...load)));
      const ratio = Number((hop.requestsPerSecond / direct.requestsPerSecond).toFixed(2));
      connections[count] = { direct, network: hop, toxiproxy: proxied, ratio };
    }
    const dataPlanePssMb = pssMb(network.dataPlanePid);
    const watcher = start(orders, CLIENT, 'payments', '8080', '1', '60000', 'watch');
    await firstLine(watcher);
    return { connections, ...(await faultEffects(network, watcher)), dataPlanePssMb };
  } finally {
    for (const child of running) child.kill('SIGKILL');
    await network.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** A fault holds a call of a busy connection, is removed, and the call tells when it was sent and when it was answered. */
async function faultEffects(network: UserSpacePodNetwork, watcher: ChildProcess) {
  const worst = { faultToEffectMs: 0, faultRemovedToEffectMs: 0 };
  const fault = { type: 'latency' as const, attributes: { delayMs: 10_000, jitterMs: 0 } };
  const rule = { sources: ['orders'], destinations: ['shop/payments'], fault, remainingMs: 20_000 };
  for (let round = 0; round < FAULT_ROUNDS; round++) {
    const heldCall = firstLine(watcher);
    const setAt = wallClock();
    const id = `round-${round}`;
    const effect = new Promise<void>((resolve) => {
      const off = network.onFaultCounts((counts) => {
        // Of the call that was under way it may be the answer that is held, which is no call of its own.
        if (!counts[id]?.pods.length) return;
        off();
        resolve();
      });
    });
    await network.setFaults([{ ...rule, id }]);
    await effect;
    // Longer than what the watcher calls long.
    await new Promise((resolve) => setTimeout(resolve, 150));
    const removedAt = wallClock();
    await network.setFaults([]);
    const { sentAt, answeredAt } = JSON.parse(await heldCall) as { sentAt: number; answeredAt: number };
    worst.faultToEffectMs = Math.max(worst.faultToEffectMs, round1(sentAt - setAt));
    worst.faultRemovedToEffectMs = Math.max(worst.faultRemovedToEffectMs, round1(answeredAt - removedAt));
  }
  return worst;
}

async function figures(client: ChildProcess): Promise<HopFigures> {
  return JSON.parse(await firstLine(client)) as HopFigures;
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (data) => resolve(String(data).trim()));
    child.once('exit', (code) => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code} and said nothing`)));
  });
}

function pssMb(pid: number | undefined): number | null {
  const file = `/proc/${pid}/smaps_rollup`;
  if (!existsSync(file)) return null;
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8'))?.[1];
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
}

function wallClock(): number {
  return performance.timeOrigin + performance.now();
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
