import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestServer } from './test-server.ts';

const run = promisify(execFile);

/** The minors to try where they are installed beside the `kubectl` of the PATH. */
const minors = ['1.29', '1.31', '1.33'];

/** Every kubectl of this machine worth trying, by version; empty where there is none. */
export function installedKubectls(): { version: string; path: string }[] {
  const found = (process.env.PATH ?? '').split(':').map((folder) => join(folder, 'kubectl'));
  const path = found.find((file) => existsSync(file));
  if (!path) return [];
  const folder = dirname(realpathSync(path));
  const beside = minors.map((version) => ({ version, path: join(folder, `kubectl.${version}`) }));
  const installed = beside.filter((kubectl) => existsSync(kubectl.path));
  return installed.length > 0 ? installed : [{ version: ownVersion(path), path }];
}

function ownVersion(path: string): string {
  const { clientVersion } = JSON.parse(execFileSync(path, ['version', '--client', '-o', 'json'], { encoding: 'utf8' }));
  return `${clientVersion.major}.${clientVersion.minor}`;
}

/** One kubectl, pointed at a test's server. Its cache is the test's own: it would mix servers that share a port. */
export class Kubectl {
  readonly #path: string;
  readonly #options: string[];

  constructor(path: string, server: TestServer, namespace: string) {
    this.#path = path;
    const cache = join(server.home, 'cache', path.replaceAll('/', '_'));
    this.#options = ['--kubeconfig', server.kubeconfig, '--cache-dir', cache, '-n', namespace];
  }

  /** What it prints, errors too; rejects when it fails. `input` is its stdin. */
  async run(args: string, input?: string): Promise<string> {
    const child = run(this.#path, [...this.#options, ...args.split(' ')], { timeout: 60_000 });
    child.child.stdin!.end(input ?? '');
    const { stdout, stderr } = await child;
    return stdout + stderr;
  }

  /** Its lines as it prints them, until the loop over them is left. */
  async *lines(args: string): AsyncGenerator<string, void> {
    const child = spawn(this.#path, [...this.#options, ...args.split(' ')], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      let text = '';
      for await (const chunk of child.stdout) {
        const lines = (text + String(chunk)).split('\n');
        text = lines.pop()!;
        yield* lines;
      }
    } finally {
      child.kill();
    }
  }
}
