import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { patterns, readPatterns } from './patterns.ts';

const shipped = join(import.meta.dirname, '../../cluster/shop/manifests/patterns');
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

const limited = bulkhead.replace(/options:[^]*/, 'number: { min: 1, max: 20, step: 0.5, unit: calls, default: 10 }\n');

test('one that is a number has one component, and its default is none', (t) => {
  const [pattern] = readPatterns(folderWith(t, limited, ['number']));
  assert.deepEqual([pattern?.options, pattern?.default], [[], '10']);
  assert.deepEqual(pattern?.number, {
    ...{ min: 1, max: 20, step: 0.5, unit: 'calls', default: 10 },
    component: 'patterns/bulkhead/number',
  });
});

for (const [what, text, components, says] of [
  ['without its component', bulkhead, [], /bulkhead.pattern\.yaml is no pattern: there is no component bulkhead\/on/],
  ['whose first option is a component', bulkhead, ['off', 'on'], /its first option, off, is to be no component/],
  ['that says not when to leave it', bulkhead.replace(/whenNot.*/, ''), ['on'], /whenNot/],
  ['with an option that leads out', bulkhead.replace("'on'", '../on'), [], /options\.1\.id: use lower-case letters/],
  ['with neither options nor a number', bulkhead.replace(/options:[^]*/, ''), [], /either options or a number/],
  ['with options and a number', `${bulkhead}${/number:.*/.exec(limited)![0]}`, ['on', 'number'], /either options or/],
  ['whose number has no component', limited, [], /there is no component bulkhead\/number/],
  ['whose number has no bounds', limited.replace('max: 20, ', ''), ['number'], /number\.max/],
  ['whose bounds are the wrong way round', limited.replace('max: 20', 'max: 0'), ['number'], /max is to be more than/],
  ['of more steps than a slider has', limited.replace('0.5', '0.001'), ['number'], /at most 1000 steps/],
  [
    'whose default is out of bounds',
    limited.replace('default: 10', 'default: 21'),
    ['number'],
    /number: the default is/,
  ],
  ['whose default is between two steps', limited.replace('default: 10', 'default: 9.7'), ['number'], /the default is/],
  ['that needs what is not there', `${bulkhead}needs: { checkout: events }\n`, ['on'], /there is no checkout: events/],
  [
    'with an option that needs what is not there',
    bulkhead.replace('At most ten. }', 'At most ten., needs: { checkout: events } }'),
    ['on'],
    /there is no checkout: events/,
  ],
  ['that is no YAML', 'title: [', [], /cannot be read/],
] as const) {
  test(`a pattern ${what} is told of by its file`, (t) => {
    assert.throws(() => readPatterns(folderWith(t, text, [...components])), says);
  });
}

test('an image that an option says it needs is one that its component has', () => {
  for (const { options } of patterns) {
    for (const { component, images } of options) {
      const files =
        component === null ? [] : globSync(`${component.replace('patterns/', '')}/**/*.yaml`, { cwd: shipped });
      const text = files.map((file) => readFileSync(join(shipped, file), 'utf8')).join('\n');
      for (const image of images) assert.match(text, new RegExp(`image: ${image}:`), `${component} has ${image}`);
    }
  }
});

test('those that are shipped are read, in their order', () => {
  const of = (wanted: string[]) => patterns.map(({ id }) => id).filter((id) => wanted.includes(id));
  const inOrder = [
    'timeout',
    'retries',
    'retry-budget',
    'breaker-threshold',
    'circuit-breaker',
    'idempotency-key',
    'stock',
  ];
  assert.deepEqual(of(inOrder), inOrder);
  assert.equal(patterns.length, readdirSync(shipped).filter((name) => !name.endsWith('.md')).length);
});
