import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { catalogue, shipped } from './catalogue.ts';
import { loadLab } from './engine/load-lab.ts';
import { prove } from './engine/proof.ts';
import type { Recording } from './engine/recording.ts';

const MAX_BYTES = 200_000;

for (const id of shipped) {
  describe(`lab ${id}`, async () => {
    const folder = join(import.meta.dirname, id);
    const path = join(folder, 'recording.json');
    const recording = () => JSON.parse(readFileSync(path, 'utf8')) as Recording;
    const { lab } = await loadLab(folder, id);

    test('no check holds at its step’s start, and all are met at its solution, in the recording of a real run', () => {
      assert.deepEqual(prove(lab, recording()), []);
      assert.ok(statSync(path).size < MAX_BYTES);
    });

    test('the proof can fail: a run in which nothing was changed meets no step', () => {
      const idle = recording();
      for (const step of idle.steps) step.solution = step.start;
      assert.ok(prove(lab, idle).filter((failure) => failure.includes('is not met')).length >= lab.steps.length);
    });

    test('and a run that was done already proves no start', () => {
      const done = recording();
      for (const step of done.steps) step.start = step.solution.slice(-1);
      assert.ok(prove(lab, done).some((failure) => failure.includes('holds at the start already')));
    });
  });
}

test('the catalogue lists fifteen labs by number, and each shipped one has its folder', () => {
  const here = shipped.map((id) => ({
    id,
    number: Number.parseInt(id, 10),
    title: id,
    goal: '',
    minutes: 1,
    level: 'start' as const,
    available: true,
    patterns: [],
  }));
  const all = catalogue(here);
  assert.deepEqual(
    all.map(({ number }) => number),
    Array.from({ length: 15 }, (_, i) => i + 1),
  );
  const folders = readdirSync(import.meta.dirname).filter((name) => /^\d\d-/.test(name));
  assert.deepEqual(folders.sort(), [...shipped].sort());
  for (const { id, number } of all) assert.ok(id.startsWith(String(number).padStart(2, '0')), id);
});

test('no shipped lab needs TypeScript of its own', () => {
  for (const id of shipped)
    assert.deepEqual(readdirSync(join(import.meta.dirname, id)).sort(), ['guide.mdx', 'lab.yaml', 'recording.json']);
});
