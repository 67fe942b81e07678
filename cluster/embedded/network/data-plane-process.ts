import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DataPlaneDiedError, NetworkClosedError } from './errors.ts';
import { readJsonLines, writeJsonLine } from './json-lines.ts';
import type { ClusterReply, ClusterRequest, CountsMessage, MachinePortsMessage, NetworkState } from './messages.ts';

const PROGRAM = fileURLToPath(new URL('./data-plane/main.ts', import.meta.url));
/** It forwards bytes and keeps little: a small heap is collected often and stays small. */
const NODE_ARGUMENTS = ['--max-old-space-size=96', '--max-semi-space-size=1', '--no-warnings'];
/** The preloads of a data plane that died try to reconnect every 25 ms; a busy process needs longer for its turn. */
const RETURN_MS = 1_000;
/** How long it may take to end by itself. */
const PATIENCE_MS = 1_000;
const LONGEST_BACKOFF_MS = 1_000;

export interface DataPlaneProcessOptions {
  /** Where its control socket goes. */
  directory: string;
  /** Folder for the compile cache, which spares a restart most of its start-up. */
  cacheDirectory: string;
  /** The state that counts now. */
  state: () => NetworkState;
  /** What the faults have done since it started; `pid` is the process that counts. */
  onCounts: (counts: CountsMessage['counts'], pid: number) => void;
  /** Ports of the machine that it could not have. */
  onMachinePortErrors: (errors: MachinePortsMessage['machinePortErrors']) => void;
  /** It has died, and is being started again. */
  onExit: (error: DataPlaneDiedError) => void;
}

/**
 * The data plane as a child process. Its stdin is its lifeline: when this process is gone, however it went, so is the data
 * plane. When the data plane dies it is started again and given the whole state; requests wait for that.
 */
export class DataPlaneProcess {
  readonly #options: DataPlaneProcessOptions;
  readonly #waiting = new Map<
    number,
    { request: ClusterRequest; resolve: (reply: ClusterReply) => void; reject: (error: Error) => void }
  >();
  #child: ChildProcess | undefined;
  #nextId = 1;
  #backoffMs = 0;
  #restart: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: DataPlaneProcessOptions) {
    this.#options = options;
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves with the answer, once there is a data plane to give it. */
  ask(request: ClusterRequest): Promise<ClusterReply> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new NetworkClosedError());
      const id = this.#nextId++;
      this.#waiting.set(id, { request, resolve, reject });
      this.#send(id, request);
    });
  }

  /** Gives the data plane the state that counts now; resolves once it acts. */
  async update(): Promise<void> {
    await this.ask({ type: 'state', state: this.#options.state() });
  }

  /** The same, without waiting: a data plane that is down gets the state when it starts. */
  announce(): void {
    this.#send(0, { type: 'state', state: this.#options.state() });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    for (const { reject } of this.#waiting.values()) reject(new NetworkClosedError());
    this.#waiting.clear();
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      child.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      child.stdin?.end();
    });
  }

  #start(): void {
    const startedAt = performance.now();
    const returnMs = this.#child ? RETURN_MS : 0;
    const child = spawn(process.execPath, [...NODE_ARGUMENTS, PROGRAM, this.#options.directory, String(returnMs)], {
      // Its own process group: Ctrl-C in the terminal must not cut the network while pods still drain.
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { NODE_ENV: 'production', NODE_COMPILE_CACHE: this.#options.cacheDirectory },
    });
    this.#child = child;
    readJsonLines<ClusterReply | CountsMessage | MachinePortsMessage>(child.stdout, (reply) => {
      if ('counts' in reply) return this.#options.onCounts(reply.counts, child.pid ?? 0);
      if ('machinePortErrors' in reply) return this.#options.onMachinePortErrors(reply.machinePortErrors);
      this.#waiting.get(reply.id)?.resolve(reply);
      this.#waiting.delete(reply.id);
    });
    let cause: Error | undefined;
    child.once('error', (error) => (cause = error));
    // EPIPE while it dies: 'close' says all there is to say.
    child.stdin.on('error', (error) => (cause ??= error));
    child.stdout.on('error', (error) => {
      cause ??= error;
      child.kill('SIGKILL');
    });
    child.once('close', (code, signal) => {
      if (this.#closed) return;
      this.#options.onExit(new DataPlaneDiedError(signal ?? `exit code ${code}`, cause));
      this.#backoffMs =
        performance.now() - startedAt > 1_000 ? 0 : Math.min(LONGEST_BACKOFF_MS, this.#backoffMs * 2 + 50);
      this.#restart = setTimeout(() => this.#start(), this.#backoffMs);
    });
    this.#send(0, { type: 'state', state: this.#options.state() });
    for (const [id, { request }] of this.#waiting) {
      this.#send(id, request.type === 'state' ? { type: 'state', state: this.#options.state() } : request);
    }
  }

  #send(id: number, request: ClusterRequest): void {
    if (this.#child?.stdin) writeJsonLine(this.#child.stdin, { id, ...request });
  }
}
