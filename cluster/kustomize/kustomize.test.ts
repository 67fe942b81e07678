import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { render, renderYaml } from './render.ts';
import { pairwise } from './testing/pairwise.ts';
import { samples } from './testing/samples.ts';

const run = promisify(execFile);
const manifests = join(import.meta.dirname, '..', 'shop', 'manifests');

/** As kubectl renders it, parsed. */
async function kubectl(folder: string): Promise<unknown[]> {
  const { stdout } = await run('kubectl', ['kustomize', folder], { maxBuffer: 16 * 1024 * 1024 });
  return parsed(stdout);
}

function parsed(yaml: string): unknown[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as unknown);
}

/** Each pattern's options, as folders of components: [['', 'timeout/3s', 'timeout/500ms'] ...]; '' is the absence of any. In their order. */
async function componentFolders(): Promise<string[][]> {
  const components = join(manifests, 'patterns');
  const read = (await folders(components)).map(async (pattern) => {
    const { order } = parse(await readFile(join(components, pattern, 'pattern.yaml'), 'utf8')) as { order: number };
    const options = (await folders(join(components, pattern))).map((option) => `${pattern}/${option}`);
    return { order, options: ['', ...options] };
  });
  return (await Promise.all(read)).sort((a, b) => a.order - b.order).map(({ options }) => options);
}

async function folders(of: string): Promise<string[]> {
  const entries = await readdir(of, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** As an overlay has them for the patterns that are one. */
const numbers = {
  name: 'pattern-numbers',
  literals: ['breaker-threshold=35', 'canary=10', 'catalog-cache=500', 'prefetch=7', 'retry-budget=10'],
  options: { annotations: { 'config.kubernetes.io/local-config': 'true' } },
};

async function writeKustomization(folder: string, kustomization: object): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
}

const skip = await run('kubectl', ['version', '--client']).then(
  () => false as const,
  (error: Error) => `kubectl is what this compares with, and it does not run here: ${error.message}`,
);

describe('the renderer gives what kubectl kustomize gives', { skip }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kustomize-'));
    await cp(manifests, folder, { recursive: true });
  });
  after(() => rm(folder, { recursive: true }));

  it('for the base and the embedded overlay, as objects and as YAML', async () => {
    for (const part of ['base', 'overlays/embedded']) {
      const expected = await kubectl(join(manifests, part));
      assert.deepEqual(await render(join(manifests, part), manifests), expected);
      assert.deepEqual(parsed(await renderYaml(join(manifests, part), manifests)), expected);
    }
  });

  it('for every option of every pattern alone, and for any two of them together', async () => {
    const patterns = await componentFolders();
    const alone = patterns.flat().filter(Boolean);
    const rows = [...alone.map((option) => [option]), ...pairwise(patterns)];
    assert.ok(alone.length >= 8 && rows.length >= alone.length + 8);
    // Several in one folder, each in a namespace of its own: kubectl takes its time to start. So the bank, which has one, is left out.
    const combinations = rows.map((row, index) => ({ components: row.filter(Boolean), namespace: `shop-${index}` }));
    for (const { components, namespace } of combinations) {
      await writeKustomization(join(folder, 'overlays', namespace), {
        namespace,
        resources: ['../../base/shop'],
        components: components.map((component) => `../../patterns/${component}`),
        configMapGenerator: [numbers],
      });
    }
    for (let first = 0; first < combinations.length; first += 6) {
      const several = combinations.slice(first, first + 6).map(({ namespace }) => `../${namespace}`);
      const together = join(folder, 'overlays', `together-${first}`);
      await writeKustomization(together, { resources: several });
      assert.deepEqual(await render(together, join(together, '..', '..')), await kubectl(together));
    }
  });

  for (const [name, files] of Object.entries(samples)) {
    it(`for ${name}`, async () => {
      const sample = await mkdtemp(join(folder, 'sample-'));
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(sample, path)), { recursive: true });
        await writeFile(join(sample, path), content);
      }
      assert.deepEqual(await render(sample, dirname(sample)), await kubectl(sample));
    });
  }
});
