import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

// "Where a newcomer adds": one of each is added to a copy of the whole, by the files and lines promised and by nothing else. Each comes with
// a test beside it, which sees it work. The files are in newcomer/, named as in their place and `.txt`.
const root = join(import.meta.dirname, '..');
const additions = join(import.meta.dirname, 'newcomer');

/** What goes into a list of the repository: before the first match. */
const entries: { file: string; before: RegExp; entry: string }[] = [
  {
    file: 'cluster/embedded/kinds/index.ts',
    before: /^import .* from '.\/namespace.ts';/m,
    entry: "import { lighthouse } from './lighthouse.ts';\n",
  },
  { file: 'cluster/embedded/kinds/index.ts', before: /^];/m, entry: '  lighthouse,\n' },
  {
    file: 'components/signals/charts/index.ts',
    before: /^import .* from '.\/in-flight.ts';/m,
    entry: "import { failures } from './failures.ts';\n",
  },
  { file: 'components/signals/charts/index.ts', before: /\];/, entry: ', failures' },
  {
    file: 'cluster/faults/index.ts',
    before: /^import .* from '.\/edge-latency.ts';/m,
    entry: "import { edgeCrawl } from './edge-crawl.ts';\n",
  },
  { file: 'cluster/faults/index.ts', before: /^];/m, entry: '  edgeCrawl,\n' },
  { file: 'labs/catalogue.ts', before: /^\];/m, entry: "  '16-quay',\n" },
  {
    file: 'cluster/shop/manifests/base/shop/kustomization.yaml',
    before: /^.*- gateway.yaml/m,
    entry: '  - dispatch.yaml\n',
  },
];

let copy: string;
let files: string[];
before(() => {
  copy = mkdtempSync(join(tmpdir(), 'newcomer-'));
  const kept = (path: string) => !/^(node_modules|\.git|\.next|\.breakwater|test-results)$/.test(path);
  cpSync(root, copy, { recursive: true, filter: (path) => kept(relative(root, path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  files = globSync('**/*.txt', { cwd: additions }).map((path) => path.replace(/\.txt$/, ''));
  for (const path of files) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), readFileSync(join(additions, `${path}.txt`)), { flag: 'wx' });
  }
  for (const { file, before, entry } of entries) {
    const text = readFileSync(join(copy, file), 'utf8');
    const at = text.search(before);
    assert.ok(at >= 0, `${file} has nothing like ${before}`);
    writeFileSync(join(copy, file), text.slice(0, at) + entry + text.slice(at));
  }
});
after(() => rmSync(copy, { recursive: true, force: true }));

/** Runs a tool of npm in the copy; what it printed is in the failure. */
async function run(tool: string, ...args: string[]): Promise<void> {
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
  const options = { cwd: copy, env, maxBuffer: 64 * 1024 * 1024 };
  await promisify(execFile)(process.execPath, [tool, ...args], options).catch(
    (error: Error & { stdout: string; stderr: string }) => assert.fail(`${error.stdout}${error.stderr}`),
  );
}

test('what a newcomer adds by the files promised works', async () => {
  const tests = files.filter((path) => path.endsWith('.test.ts'));
  await run('--disable-warning=ExperimentalWarning', '--test', '--test-reporter=spec', ...tests);
});

test('and is right in the eyes of the type checker', async () => {
  // From what the type stage found out about the original: only what is new, and who imports it, is looked at.
  await run('node_modules/typescript/bin/tsc', '--project', '.', '--noEmit');
});
