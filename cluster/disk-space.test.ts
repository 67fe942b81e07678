import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freeMB, fullDisk } from './disk-space.ts';

test('a folder that is not there yet has the space of the one it will be in', () => {
  const here = freeMB(tmpdir());
  assert.ok(Number.isInteger(here) && here > 0);
  assert.ok(Math.abs(freeMB(join(tmpdir(), 'no', 'such', 'folder')) - here) < here / 2);
});

test('a full disk is told with its folder and what is left, one with space is not', () => {
  assert.equal(fullDisk('/home/state', 16), null);
  assert.equal(
    fullDisk('/home/state', 3),
    'The disk of /home/state is full: 3 MB are free. Free some space there; everything goes on by itself then.',
  );
});
