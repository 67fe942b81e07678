import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { patterns, readPatterns } from './patterns.ts';

const bulkhead = `order: 5
title: Bulkhead
place: gateway → catalog
why: How many calls may be under way.
cost: Calls beyond are turned away.
whenNot: Not where nothing is shared.
options:
  - { id: 'off', label: 'off', summary: As many as there are. }
  - { id: 'on', label: 'on', summary: At most ten. }
`;

/** A folder of patterns with one in it. */
function folderWith(t: TestContext, text: string, components: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'patterns-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'bulkhead'));
  writeFileSync(join(folder, 'bulkhead', 'pattern.yaml'), text);
  for (const option of components) {
    mkdirSync(join(folder, 'bulkhead', option));
    writeFileSync(join(folder, 'bulkhead', option, 'kustomization.yaml'), 'kind: Component');
  }
  return folder;
}

test('a folder is a pattern, and its first option no component', (t) => {
  const [pattern] = readPatterns(folderWith(t, bulkhead, ['on']));
  assert.equal(pattern?.id, 'bulkhead');
  assert.deepEqual(
    pattern?.options.map(({ id, component }) => [id, component]),
    [
      ['off', null],
      ['on', 'patterns/bulkhead/on'],
    ],
  );
});

for (const [what, text, components, says] of [
  ['without its component', bulkhead, [], /bulkhead.pattern\.yaml is no pattern: there is no component bulkhead\/on/],
  ['whose first option is a component', bulkhead, ['off', 'on'], /its first option, off, is to be no component/],
  ['that says not when to leave it', bulkhead.replace(/whenNot.*/, ''), ['on'], /whenNot/],
  ['with an option that leads out', bulkhead.replace("'on'", '../on'), [], /options\.1\.id: use lower-case letters/],
  ['that is no YAML', 'title: [', [], /cannot be read/],
] as const) {
  test(`a pattern ${what} is told of by its file`, (t) => {
    assert.throws(() => readPatterns(folderWith(t, text, [...components])), says);
  });
}

test('those that are shipped are read, in their order', () => {
  assert.deepEqual(
    patterns.map(({ id }) => id),
    ['timeout', 'retries', 'retry-budget', 'circuit-breaker', 'breaker-threshold', 'idempotency-key', 'stock'],
  );
});
