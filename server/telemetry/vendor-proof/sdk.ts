import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** A program that sends telemetry by another language's OpenTelemetry SDK. */
export interface Program {
  file: string;
  args: string[];
}

/** OpenTelemetry's SDK of a language, with our program that uses it. */
export interface Sdk {
  language: 'Python' | 'Go';
  /** The program, if its SDK is installed. */
  installed(): Program | null;
  /** Why it cannot be installed on this machine; null when it can. */
  missing(): Promise<string | null>;
  /** From the language's registry, into `node_modules/.cache/vendor-proof`, at the versions that stand beside the program. */
  install(): Promise<void>;
}

const run = promisify(execFile);
const here = import.meta.dirname;
const cache = resolve(here, '../../../node_modules/.cache/vendor-proof');

/** A folder that changes its name with the program's sources and the versions it asks for. */
function folderOf(sources: string): string {
  const digest = createHash('sha256');
  for (const name of readdirSync(sources).sort()) digest.update(name).update(readFileSync(join(sources, name)));
  return join(cache, digest.digest('hex').slice(0, 16));
}

/** Why a tool cannot be run; null when it can. */
async function absent(language: string, tool: string, args: string[]): Promise<string | null> {
  return run(tool, args).then(
    () => null,
    () => `this machine has no ${language} ("${[tool, ...args].join(' ')}" does not run)`,
  );
}

const python: Sdk = (() => {
  const sources = join(here, 'python');
  const folder = folderOf(sources);
  const file = join(folder, 'bin', 'python');
  const done = join(folder, 'installed');
  return {
    language: 'Python',
    installed: () => (existsSync(done) ? { file, args: [join(sources, 'orders.py')] } : null),
    missing: () => absent('Python with venv', 'python3', ['-c', 'import venv, ensurepip']),
    async install() {
      await run('python3', ['-m', 'venv', '--clear', folder]);
      await run(file, ['-m', 'pip', 'install', '--quiet', '--requirement', join(sources, 'requirements.txt')]);
      await run(file, ['-c', `open(${JSON.stringify(done)}, "w").close()`]);
    },
  };
})();

const go: Sdk = (() => {
  const sources = join(here, 'go');
  const file = join(folderOf(sources), 'program');
  return {
    language: 'Go',
    installed: () => (existsSync(file) ? { file, args: [] } : null),
    missing: () => absent('Go', 'go', ['version']),
    async install() {
      await run('go', ['build', '-o', file, '.'], { cwd: sources });
    },
  };
})();

export const sdks: readonly Sdk[] = [python, go];
