import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LabError } from './problem.ts';
import { readLab } from './read-lab.ts';

const yaml = readFileSync(new URL('../04-circuit-breaker/lab.yaml', import.meta.url), 'utf8');
const lineOf = (text: string) => yaml.slice(0, yaml.indexOf(text)).split('\n').length;

/** Problems of lab 4 with a part of it replaced, as `line: message`. */
function problems(part: string, by: string): string[] {
  assert.ok(yaml.includes(part), part);
  try {
    readLab('04-circuit-breaker', yaml.replace(part, by));
    return [];
  } catch (error) {
    assert.ok(error instanceof LabError, String(error));
    return error.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  }
}

test('each step starts from the solution of the one before it', () => {
  const { steps } = readLab('04-circuit-breaker', yaml);
  assert.deepEqual(steps[0]!.start, { patterns: {}, faults: [], load: 60 });
  for (const [i, step] of steps.entries()) if (i > 0) assert.deepEqual(step.start, steps[i - 1]!.solution);
  assert.deepEqual(steps.at(-1)!.solution, {
    patterns: { timeout: '500ms', 'circuit-breaker': 'library', 'breaker-threshold': '1' },
    faults: [],
    load: 60,
  });
  assert.deepEqual(steps[0]!.solution.faults, [
    { fault: 'bank-slow', target: 'bank', share: 60, seconds: 900, parameters: { delay: 3000 } },
  ]);
});

for (const [what, part, by, message] of [
  ['a word that is not in the vocabulary', "opened('payments>bank') > 0", "opend('payments>bank') > 0", /opend/],
  ['a check without an expression', "expr: opened('payments>bank') > 0", 'exprs: true', /expr/],
  ['a duration that is none', 'for: 10s', 'for: 10 seconds', /500ms, 3s or 15m/],
  ['a change of no kind', 'change: { pattern: timeout, option: 500ms }', 'change: { patern: timeout }', /a change/],
  ['a fault that is stopped and was not started', 'stop: bank-slow', 'stop: bank-down', /no step before it starts/],
  ['an answer that is not there', 'truth: drops', 'truth: falls', /no answer "falls"/],
  [
    'a title that promises what is not tested',
    'More than 40 % of orders fail, for 3 s',
    'More than 50 % of orders fail',
    /says 50/,
  ],
  ['a question that nobody asks', "answered('full-pool')", "answered('fool-pool')", /asks no question/],
] as const) {
  test(`${what} is told with its line, and what to do`, () => {
    const found = problems(part, by);
    assert.ok(
      found.some((each) => message.test(each)),
      found.join('\n') || 'no problem was found',
    );
    const line = Number(found.find((each) => message.test(each))!.split(':')[1]);
    assert.ok(Math.abs(line - lineOf(part)) <= 3, `line ${line}, not about ${lineOf(part)}`);
  });
}

test('all that is wrong is told at once, and broken YAML with its line', () => {
  const twice = yaml.replace("opened('payments>bank') > 0", 'opend() > 0').replace('truth: drops', 'truth: falls');
  assert.throws(
    () => readLab('04-x', twice),
    (error) => error instanceof LabError && error.problems.length === 2,
  );
  assert.throws(
    () => readLab('04-x', 'title: [a\nsteps: 1'),
    (error) => error instanceof LabError && /^labs\/04-x\/lab\.yaml:\d+: /.test(error.message),
  );
});

test('a check without a title is called by what it tests', () => {
  const untitled = yaml
    .replace('title: p95 of customers over 1 s, for 2 s\n', 'for: 4s\n')
    .replace('        for: 2s\n      - id: catalog-slow', '      - id: catalog-slow');
  const [check] = readLab('04-circuit-breaker', untitled).steps[0]!.checks;
  assert.equal(check!.title, 'A fault acts on bank, and p95 of customers over 1 s, for 4 s');
});
