import { basename, join } from 'node:path';
import type { Files } from './files.ts';
import type { Generator } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';

export interface Entry {
  key: string;
  value: Buffer;
}

/** What a generator's `envs`, `files` and `literals` hold, in that order. A key may come but once. */
export async function readEntries(
  { name, envs, files, literals }: Generator,
  folder: string,
  readable: Files,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const env of envs) {
    const file = join(folder, env);
    entries.push(...envEntries(await readable.text(file, folder), file));
  }
  for (const file of files) {
    const [key, path] = file.includes('=') ? split(file, name) : [basename(file), file];
    entries.push({ key, value: await readable.bytes(join(folder, path), folder) });
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

/**
 * Lines `KEY=value`; a line that begins with # is a comment. For one without = kubectl takes the value from its own environment; here
 * that is the server's, which is nobody's to read.
 */
function envEntries(text: string, file: string): Entry[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const content = line.trimStart();
    if (content === '' || content.startsWith('#')) return [];
    const end = content.indexOf('=');
    if (end < 0) {
      throw new KustomizeError('bad-generator', `${file} has "${content}" without a value; write ${content}=value.`);
    }
    return [{ key: content.slice(0, end), value: Buffer.from(content.slice(end + 1)) }];
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
