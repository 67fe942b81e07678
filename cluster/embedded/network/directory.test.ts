import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { makeNetworkDirectory } from './directory.ts';

// A place of its own: any other start of a cluster would clean up here as well.
const place = mkdtempSync(join(tmpdir(), 'places-'));
process.env.TMPDIR = place;
after(() => rmSync(place, { recursive: true }));

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

test('one whose removal was cut short goes with the next start too', async (t) => {
  const left = await abandoned(t);
  const claims = join(left, 'ports');
  for (let claim = 0; claim < 3_000; claim++) writeFileSync(join(claims, `10.244.1.2:${claim}`), '1');
  const code = `import { removeNetworkDirectory } from ${JSON.stringify(import.meta.resolve('./directory.ts'))};
    process.stdin.once('data', () => removeNetworkDirectory(${JSON.stringify(left)})); console.log('ready');`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code]);
  const gone = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdin.write('go');
  const isWhole = () => existsSync(join(left, 'owner')) && existsSync(join(claims, '10.244.1.2:7'));
  const until = performance.now() + 5_000;
  while (isWhole() && performance.now() < until);
  child.kill('SIGKILL');
  await gone;
  make(t);
  assert.ok(!existsSync(left));
});

test('one into which somebody still writes stops no start', async (t) => {
  const left = await abandoned(t);
  const code = `const { writeFileSync } = require('node:fs');
    console.log('ready');
    for (let n = 0; ; n++) try { writeFileSync(${JSON.stringify(join(left, 'ports'))} + '/' + (n % 500), ''); } catch { process.exit(); }`;
  const child = spawn(process.execPath, ['-e', code]);
  t.after(() => child.kill('SIGKILL'));
  const gone = once(child, 'exit');
  await once(child.stdout, 'data');
  make(t);
  child.kill('SIGKILL');
  await gone;
  make(t);
  assert.deepEqual(readdirSync(place).length, 2, 'what was left goes with a later start');
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
