import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeNetworkDirectory } from './directory.ts';

function make(t: TestContext): string {
  const directory = makeNetworkDirectory();
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A process that makes one and is killed. */
async function abandoned(t: TestContext): Promise<string> {
  const code = `import { makeNetworkDirectory } from ${JSON.stringify(import.meta.resolve('./directory.ts'))};
    console.log(makeNetworkDirectory()); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code]);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  const directory = line.toString().trim();
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('the folder of a cluster that was killed goes with the next start, whatever its home was', async (t) => {
  const left = await abandoned(t);
  assert.ok(existsSync(left));
  make(t);
  assert.ok(!existsSync(left));
});

test('the folder of a cluster that runs is left alone', (t) => {
  const first = make(t);
  make(t);
  assert.ok(existsSync(first));
});

for (const [what, text] of [
  ['half-written', '12'],
  ['empty', ''],
] as const) {
  test(`a folder whose owner is ${what} stops no start`, (t) => {
    const folder = make(t);
    writeFileSync(join(folder, 'owner'), text);
    make(t);
    assert.ok(existsSync(folder));
  });
}
