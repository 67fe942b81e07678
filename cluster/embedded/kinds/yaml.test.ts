import { deepEqual, equal } from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readYaml } from './yaml.ts';

test('what a YAML file says is kept as JSON, for as long as it says that, and read again where that was cut short', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-yaml-'));
  t.after(() => rmSync(folder, { recursive: true }));
  enableCompileCache(folder);
  const file = join(folder, 'rules.yaml');
  const kept = () => readdirSync(getCompileCacheDir()!).filter((name) => name.startsWith('yaml-'));
  const read = () => readYaml(pathToFileURL(file));

  const before = kept().length;
  writeFileSync(file, 'replicas: { min: 0 }\n');
  deepEqual([read(), read()], Array(2).fill({ replicas: { min: 0 } }));
  equal(kept().length, before + 1);
  for (const name of kept()) writeFileSync(join(getCompileCacheDir()!, name), '{"repl');
  deepEqual(read(), { replicas: { min: 0 } });
  writeFileSync(file, 'replicas: { min: 1 }\n');
  deepEqual(read(), { replicas: { min: 1 } });
});
