import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import * as k8s from '@kubernetes/client-node';
import { processIdentity } from '../kubelet/process-identity.ts';
import { descendants } from '../kubelet/process-tree.ts';
import { until } from './until.ts';

const program = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A whole embedded cluster in a process and a home of its own, as `npm start` runs it. */
export interface ClusterProcess {
  home: string;
  process: ChildProcess;
  kubeconfig: string;
  core: k8s.CoreV1Api;
  apps: k8s.AppsV1Api;
  objects: k8s.KubernetesObjectApi;
  /** `kubectl logs`, until the container ends when `follow`. */
  logs(pod: string, options?: k8s.LogOptions): Promise<string>;
  /** Every process it has started, itself not among them. */
  children(): number[];
}

export function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'breakwater-test-'));
  // When the tests run as root, PostgreSQL runs as somebody else.
  chmodSync(home, 0o755);
  return home;
}

export function removeHome(home: string): void {
  rmSync(home, { recursive: true, force: true, maxRetries: 10 });
}

/** @param anyProgram whether the image `node` is there, which runs what a manifest gives it */
export function spawnCluster(home: string, anyProgram = true): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    env: { ...process.env, BREAKWATER_HOME: home, BREAKWATER_ANY_PROGRAM: anyProgram ? 'yes' : '' },
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

export async function startClusterProcess(home: string, anyProgram = true): Promise<ClusterProcess> {
  const child = spawnCluster(home, anyProgram);
  const kubeconfig = await new Promise<string>((resolve, reject) => {
    child.on('message', (message: { type: string; kubeconfig: string }) => {
      if (message.type === 'ready') resolve(message.kubeconfig);
    });
    child.once('exit', (code, signal) => reject(new Error(`the cluster ended before it was ready: ${signal ?? code}`)));
  });
  const config = new k8s.KubeConfig();
  config.loadFromFile(kubeconfig);
  return {
    home,
    process: child,
    kubeconfig,
    core: config.makeApiClient(k8s.CoreV1Api),
    apps: config.makeApiClient(k8s.AppsV1Api),
    objects: k8s.KubernetesObjectApi.makeApiClient(config),
    async logs(pod, options = {}) {
      const chunks: Buffer[] = [];
      const sink = new Writable({ write: (chunk, _encoding, done) => (chunks.push(chunk as Buffer), done()) });
      await new k8s.Log(config).log('default', pod, '', sink, options);
      await once(sink, 'finish');
      return Buffer.concat(chunks).toString();
    },
    children: () => [...new Set([...tableOf(home), ...descendants(child.pid!)])],
  };
}

export async function killed(cluster: ClusterProcess): Promise<void> {
  const children = cluster.children();
  const gone = once(cluster.process, 'exit');
  cluster.process.kill('SIGKILL');
  await gone;
  await until('all its processes are gone', () => children.every((pid) => processIdentity(pid) === null));
}

/** Process groups of the containers and the data plane. */
export function tableOf(home: string): number[] {
  const table = JSON.parse(readFileSync(join(home, 'run', 'processes.json'), 'utf8')) as { pid: number }[];
  return table.map(({ pid }) => pid);
}
