import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeAtomically, type Payload } from './atomic-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-volume-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const payload = (files: Record<string, string>): Payload =>
  new Map(Object.entries(files).map(([path, text]) => [path, { data: Buffer.from(text), mode: 0o640 }]));
const at = (second: number) => new Date(Date.UTC(2026, 10, 28, 14, 30, second));

test('files are links into the version in force, which one link names', async () => {
  assert.equal(await writeAtomically(folder, payload({ sky: 'blue', 'deep/sea': 'green' }), at(0)), true);
  assert.equal(readlinkSync(join(folder, '..data')), '..2026_11_28_14_30_00.000');
  assert.equal(readlinkSync(join(folder, 'sky')), '..data/sky');
  assert.equal(readFileSync(join(folder, 'deep/sea'), 'utf8'), 'green');
  assert.equal(statSync(join(folder, 'sky')).mode & 0o777, 0o640);
});

test('a path that leads out of the folder, or is one of the layout’s own, is refused before anything is written', async () => {
  for (const path of ['../out', 'deep/../../out', '/out', '..data', '..']) {
    await assert.rejects(writeAtomically(folder, payload({ good: 'x', [path]: 'evil' }), at(1)), /invalid path/);
  }
  assert.deepEqual(readdirSync(folder).sort(), ['..2026_11_28_14_30_00.000', '..data', 'deep', 'sky']);
});

test('the same files are not written again', async () => {
  assert.equal(await writeAtomically(folder, payload({ sky: 'blue', 'deep/sea': 'green' }), at(1)), false);
  assert.equal(readlinkSync(join(folder, '..data')), '..2026_11_28_14_30_00.000');
});

test('other files replace them, and nothing of the former version stays', async () => {
  assert.equal(await writeAtomically(folder, payload({ sky: 'grey' }), at(2)), true);
  assert.equal(readFileSync(join(folder, 'sky'), 'utf8'), 'grey');
  assert.deepEqual(readdirSync(folder).sort(), ['..2026_11_28_14_30_02.000', '..data', 'sky']);
});
