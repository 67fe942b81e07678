import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { once } from 'node:events';
import { buildPage } from '../page-build.mjs';
import { createPhases } from '../phases.mjs';
import { root } from '../product.ts';
import { temporaryFolder } from '../temporary-folder.ts';

before(() => buildPage(root, process.execPath, createPhases(process.stdout)));

/** Runs `npm start` where it must refuse: what it says on stderr, and its exit code. */
function refused(env: Record<string, string>) {
  const options = { cwd: root, env: { ...process.env, PORT: '0', ...env }, encoding: 'utf8', timeout: 30_000 } as const;
  const { stderr, status } = spawnSync(process.execPath, ['launch/start.mjs'], options);
  return { stderr: stderr.trim(), status };
}

test('a PORT that is no number: one line, exit code 1, no state folder', (t) => {
  const folder = temporaryFolder(t);
  const { stderr, status } = refused({ PORT: 'http', BREAKWATER_HOME: join(folder, 'home') });
  assert.equal(
    stderr,
    'PORT is "http", which is not a whole number from 0 to 65535. Set it like PORT=4000, or leave it out.',
  );
  assert.equal(status, 1);
  assert.deepEqual(readdirSync(folder), []);
});

test('a taken port: one line that names it and another one, exit code 1', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { stderr, status } = refused({ PORT: String(port), BREAKWATER_HOME: join(temporaryFolder(t), 'home') });
  assert.match(stderr, new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is taken\\. .*PORT=\\d+ npm start\\.$`));
  assert.equal(status, 1);
});

test('a state folder that is a file: one line, exit code 1, the file is left', (t) => {
  const file = join(temporaryFolder(t), 'notes');
  writeFileSync(file, 'kept');
  const { stderr, status } = refused({ BREAKWATER_HOME: file });
  assert.equal(stderr.split('\n').length, 1);
  assert.match(stderr, /is a file, not a folder\. .*BREAKWATER_HOME=<folder> npm start\.$/);
  assert.equal(status, 1);
  assert.equal(readFileSync(file, 'utf8'), 'kept');
});

test('too little memory: one line with both figures, exit code 1', (t) => {
  const home = join(temporaryFolder(t), 'home');
  const { stderr, status } = refused({ BREAKWATER_MEMORY_MB: '1000000', BREAKWATER_HOME: home });
  assert.match(stderr, /^Breakwater needs 1000000 MB of free memory; this machine has \d+ MB now\. [^\n]+$/);
  assert.equal(status, 1);
});

test('a full disk: one line with the folder, what is free and what to do, exit code 1, no state folder', (t) => {
  const folder = temporaryFolder(t);
  const home = join(folder, 'home');
  const { stderr, status } = refused({ BREAKWATER_DISK_MB: '1048576', BREAKWATER_HOME: home });
  assert.match(
    stderr,
    /^The disk of \S+\/home is full: Breakwater needs 1048576 MB there, and \d+ MB are free\. Free some space[^\n]+$/,
  );
  assert.equal(status, 1);
  assert.deepEqual(readdirSync(folder), []);
});
