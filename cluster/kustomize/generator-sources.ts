import { basename, join } from 'node:path';
import type { Generator } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';
import { readBytes, readText } from './yaml-file.ts';

export interface Entry {
  key: string;
  value: Buffer;
}

/** What a generator's `envs`, `files` and `literals` hold, in that order. A key may come but once. */
export async function readEntries({ name, envs, files, literals }: Generator, folder: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const env of envs) entries.push(...envEntries(await readText(join(folder, env), folder)));
  for (const file of files) {
    const [key, path] = file.includes('=') ? split(file, name) : [basename(file), file];
    entries.push({ key, value: await readBytes(join(folder, path), folder) });
  }
  for (const literal of literals) {
    const [key, value] = split(literal, name);
    entries.push({ key, value: Buffer.from(unquoted(value)) });
  }
  const twice = entries.find(({ key }, index) => entries.findIndex((entry) => entry.key === key) < index);
  if (twice)
    throw new KustomizeError('bad-generator', `The generator ${name} in ${folder} has the key ${twice.key} twice.`);
  return entries;
}

/** Lines `KEY=value`; a line that begins with # is a comment, and one without = takes the value of this environment. */
function envEntries(text: string): Entry[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const content = line.trimStart();
    if (content === '' || content.startsWith('#')) return [];
    const end = content.indexOf('=');
    const key = end < 0 ? content : content.slice(0, end);
    const value = end < 0 ? (process.env[key] ?? '') : content.slice(end + 1);
    return [{ key, value: Buffer.from(value) }];
  });
}

function split(source: string, generator: string): [string, string] {
  const end = source.indexOf('=');
  if (end > 0) return [source.slice(0, end), source.slice(end + 1)];
  throw new KustomizeError('bad-generator', `The generator ${generator} has "${source}"; write it as key=value.`);
}

function unquoted(value: string): string {
  const quoted = /^(["'])(.*)\1$/s.exec(value);
  return quoted ? quoted[2]! : value;
}
