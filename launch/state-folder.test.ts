import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStateFolder } from './state-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a missing folder is made, with logs in it', (t) => {
  const home = join(temporaryFolder(t), 'deep', 'down');
  assert.equal(openStateFolder(home), join(home, 'logs'));
  assert.ok(statSync(join(home, 'logs')).isDirectory());
  assert.equal(openStateFolder(home), join(home, 'logs'), 'and opened again');
});

test('it is closed to others, also one that was open before', (t) => {
  const home = join(temporaryFolder(t), 'home');
  mkdirSync(join(home, 'run'), { recursive: true, mode: 0o755 });
  writeFileSync(join(home, 'lock'), '');
  openStateFolder(home);
  const modeOf = (folder: string) => statSync(folder).mode & 0o777;
  // Of root's, the user that PostgreSQL runs as passes through.
  assert.equal(modeOf(home), process.getuid?.() === 0 ? 0o711 : 0o700);
  assert.deepEqual([modeOf(join(home, 'logs')), modeOf(join(home, 'run'))], [0o700, 0o700]);
});

test('a file in its place is refused and left as it is', (t) => {
  const file = join(temporaryFolder(t), 'file');
  writeFileSync(file, 'kept');
  assert.throws(() => openStateFolder(file), {
    code: 'bad-home',
    message: `The state folder ${file} is a file, not a folder.`,
  });
  assert.throws(() => openStateFolder(join(file, 'under')), { code: 'bad-home' });
});

test("someone else's folder is refused and left as it is", (t) => {
  const home = temporaryFolder(t);
  writeFileSync(join(home, 'thesis.txt'), 'years of work');
  assert.throws(() => openStateFolder(home), { code: 'bad-home', message: /has other things in it/ });
  assert.deepEqual(readdirSync(home), ['thesis.txt']);
});

test('a folder whose logs is a file is called broken', (t) => {
  const home = temporaryFolder(t);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'logs'), '');
  assert.throws(() => openStateFolder(home), { code: 'bad-home', message: /is broken: logs in it is a file/ });
});

test(
  'a place where nothing can be made is refused',
  { skip: process.platform === 'linux' ? false : 'needs /proc' },
  () => {
    assert.throws(() => openStateFolder('/proc/breakwater'), { code: 'bad-home' });
  },
);
