import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { createProcessor } from '@mdx-js/mdx';
import { catalogue, labs } from './catalogue.ts';

/** What a guide may use beside Markdown, with the attributes each knows; `*` means that any number is a parameter. */
const VOCABULARY: Record<string, string[]> = {
  Step: ['id'],
  Predict: [],
  Check: ['id'],
  Hint: [],
  Switch: ['pattern', 'option'],
  Fault: ['kind', 'target', 'duration', 'stop', '*'],
  Trace: [],
  Signal: ['id'],
  Diff: ['pattern'],
  Recap: [],
};
const ACTIONS = new Set(['Predict', 'Switch', 'Fault', 'Trace', 'Diff', 'Recap']);
const MAX_WORDS = 90;

interface Node {
  type: string;
  name?: string;
  value?: string;
  attributes?: { name: string; value: string | { value: string } | null }[];
  children?: Node[];
}

const parse = (lab: string): Node =>
  createProcessor().parse(readFileSync(new URL(`./${lab}/guide.mdx`, import.meta.url), 'utf8')) as Node;
const isElement = (node: Node) => node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement';
const attributesOf = (node: Node): Record<string, string> =>
  Object.fromEntries(
    (node.attributes ?? []).map(({ name, value }) => [
      name,
      typeof value === 'string' ? value : (value?.value ?? 'true'),
    ]),
  );

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children ?? []) yield* walk(child);
}

const elements = (root: Node, name?: string) =>
  [...walk(root)].filter((node) => isElement(node) && (name === undefined || node.name === name));

/** Words that a reader meets before the first thing to do. */
function wordsBeforeAction(step: Node): number {
  let words = 0;
  for (const node of walk(step)) {
    if (isElement(node) && ACTIONS.has(node.name ?? '')) return words;
    if (node.type === 'text' || node.type === 'inlineCode')
      words += (node.value ?? '').match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  }
  return words;
}

for (const lab of labs) {
  describe(`guide of ${lab.id}`, () => {
    const guide = parse(lab.id);
    const steps = elements(guide, 'Step');

    test('has the steps of the lab, in their order', () => {
      assert.deepEqual(
        steps.map((step) => attributesOf(step)['id']),
        lab.steps.map((step) => step.id),
      );
    });

    test('uses nothing outside the vocabulary, and no code', () => {
      for (const element of elements(guide)) {
        const known = VOCABULARY[element.name ?? ''];
        assert.ok(known, `<${element.name}> is not in the vocabulary`);
        for (const name of Object.keys(attributesOf(element))) {
          assert.ok(known.includes(name) || known.includes('*'), `<${element.name}> knows no ${name}`);
        }
      }
      const code = [...walk(guide)].filter(({ type }) => /mdxjsEsm|mdx(Flow|Text)Expression/.test(type));
      assert.deepEqual(code, []);
    });

    for (const [i, definition] of lab.steps.entries()) {
      test(`step ${definition.id} shows each of its checks once, its prediction and its hints`, () => {
        const step = steps[i]!;
        assert.deepEqual(
          elements(step, 'Check').map((check) => attributesOf(check)['id']),
          definition.checks.map(({ id }) => id),
        );
        assert.equal(elements(step, 'Predict').length, definition.prediction ? 1 : 0);
        assert.equal(elements(step, 'Hint').length, 1);
        assert.ok(definition.hints.length >= 2);
      });

      test(`step ${definition.id} offers what leads from its start to its solution`, () => {
        const step = steps[i]!;
        const { start, solution, acts } = definition;
        const switched = Object.entries(solution.patterns).filter(
          ([pattern, option]) => start.patterns[pattern] !== option,
        );
        const offered = elements(step, 'Switch').map((each) => [
          attributesOf(each)['pattern'],
          attributesOf(each)['option'],
        ]);
        assert.deepEqual(offered, switched);
        const faults = elements(step, 'Fault').map(attributesOf);
        if (start.faults.length !== solution.faults.length) {
          const [wanted] = [...solution.faults, ...start.faults];
          const { kind, target, duration, parameters } = wanted!;
          const numbers = Object.entries({ ...parameters, duration }).map(([name, value]) => [name, String(value)]);
          const stop = solution.faults.length === 0 ? { stop: 'true' } : {};
          assert.deepEqual(faults, [{ kind, target, ...Object.fromEntries(numbers), ...stop }]);
        } else assert.deepEqual(faults, []);
        const needs = { 'open-trace': 'Trace', 'diff-opened': 'Diff', 'recap-read': 'Recap' };
        for (const act of acts) assert.equal(elements(step, needs[act.type]).length, 1, `<${needs[act.type]}>`);
      });

      test(`step ${definition.id} comes to the point within ${MAX_WORDS} words`, () => {
        const words = wordsBeforeAction(steps[i]!);
        assert.ok(words > 0 && words <= MAX_WORDS, `${words} words before the first action`);
      });
    }

    test('keeps the ids of checks apart, and its predictions have one right answer each', () => {
      const ids = lab.steps.flatMap((step) => step.checks.map(({ id }) => id));
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.includes(lab.baseline.check));
      for (const { prediction } of lab.steps) {
        if (!prediction) continue;
        assert.equal(prediction.options.filter(({ id }) => id === prediction.correct).length, 1);
        assert.ok(prediction.options.every(({ why }) => why.length > 20));
      }
    });
  });
}

describe('catalogue', () => {
  test('lists fifteen labs by number, and only those with a folder are available', () => {
    const all = catalogue();
    assert.deepEqual(
      all.map(({ number }) => number),
      Array.from({ length: 15 }, (_, i) => i + 1),
    );
    const folders = readdirSync(new URL('.', import.meta.url), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    assert.deepEqual(
      all.filter(({ available }) => available).map(({ id }) => id),
      folders.map(({ name }) => name).sort(),
    );
    for (const { id, number } of all) assert.ok(id.startsWith(String(number).padStart(2, '0')), id);
  });
});
