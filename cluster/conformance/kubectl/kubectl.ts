import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** A kubectl of this machine. */
export interface Binary {
  /** `1.33` */
  minor: string;
  path: string;
}

const timeoutMs = 60_000;

/** Every minor installed beside the kubectl of the PATH (`kubectl.1.29`), oldest first; else that one alone; none without it. */
export function installedBinaries(): Binary[] {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = resolved(join(folder, 'kubectl'));
    if (!path) continue;
    const found = readdirSync(dirname(path)).flatMap((name) => {
      const minor = /^kubectl\.(1\.\d+)$/.exec(name)?.[1];
      return minor ? [{ minor, path: join(dirname(path), name) }] : [];
    });
    return found.length > 0 ? found.sort((a, b) => order(a) - order(b)) : [{ minor: 'of the PATH', path }];
  }
  return [];
}

/** Those of them that have to work: 1.29 and later. */
export function supportedBinaries(): Binary[] {
  return installedBinaries().filter((binary) => order(binary) >= 29);
}

/** The number behind the dot; of a kubectl whose minor is not known, one above all. */
function order({ minor }: Binary): number {
  return Number(minor.split('.')[1] ?? Infinity);
}

function resolved(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** One kubectl, pointed at a cluster and a namespace. */
export class Kubectl {
  readonly #path: string;
  readonly #options: string[];
  readonly folder: string;

  /** @param folder for its cache, which would mix up clusters that have had the same port, and for files of the commands */
  constructor({ path }: Binary, kubeconfig: string, namespace: string, folder: string) {
    this.#path = path;
    this.folder = folder;
    this.#options = ['--kubeconfig', kubeconfig, '--cache-dir', join(folder, 'cache'), '-n', namespace];
  }

  /** What it prints, errors too. Rejects with that when it fails; `args` are split at blanks, or given one by one. */
  async run(args: string | string[], input = ''): Promise<string> {
    const { code, output } = await this.end(args, input);
    if (code !== 0) throw new Error(`kubectl ${[args].flat().join(' ')} ended with ${code}: ${output}`);
    return output;
  }

  /** How it ends, and what it prints. */
  async end(args: string | string[], input = ''): Promise<{ code: number | null; output: string }> {
    const child = this.start(args);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data));
    child.stdin.on('error', () => undefined); // it may end without reading
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  /** Begins it; killed when it has not ended within a minute. */
  start(args: string | string[]): ChildProcessWithoutNullStreams {
    const list = typeof args === 'string' ? args.split(' ') : args;
    return spawn(this.#path, [...this.#options, ...list], {
      timeout: timeoutMs,
      env: { ...process.env, KUBE_EDITOR: `sed -i s/blue/green/` },
    });
  }
}

/** The first that a kubectl prints; rejects with its errors when it ends without a word. */
export function firstOutput(child: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += data));
    child.stdout.once('data', (data: Buffer) => resolve(String(data)));
    child.once('close', (code) => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}: ${errors}`)));
  });
}
