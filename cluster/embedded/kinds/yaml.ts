import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import type * as Yaml from 'yaml';

const require = createRequire(import.meta.url);

/** The YAML library, loaded by whoever first needs it: it takes 4 MB, and nearly all that is said to the API is JSON. */
export const yaml = () => require('yaml') as typeof Yaml;

/** What a YAML file of the program says. It is kept as JSON beside the code that Node has compiled, where Node keeps any. */
export function readYaml(file: URL): unknown {
  const text = readFileSync(file, 'utf8');
  const folder = getCompileCacheDir();
  const kept = folder && join(folder, `yaml-${createHash('sha256').update(text).digest('hex')}.json`);
  try {
    if (kept) return JSON.parse(readFileSync(kept, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && !(error instanceof SyntaxError)) throw error;
  }
  const value: unknown = yaml().parse(text);
  if (kept) {
    const draft = `${kept}.${process.pid}`;
    try {
      writeFileSync(draft, JSON.stringify(value));
      renameSync(draft, kept);
    } catch (error) {
      console.warn(`${kept} could not be written; the next start reads ${file.pathname} again:`, error);
    }
  }
  return value;
}
