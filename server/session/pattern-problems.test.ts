import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLab } from '../../labs/engine/read-lab.ts';
import { patternProblems } from './pattern-problems.ts';

const labOf = (patterns: string, change: string) =>
  readLab(
    '16-test',
    `title: Test
goal: To test.
minutes: 1
level: start
start: { load: 20, patterns: ${patterns} }
baseline: { expr: load() > 0, for: 1s }
recap: { latency: customer, orders: customer, rows: [{ name: all, when: load() > 0 }], moments: [] }
steps:
  - id: one
    title: A step
    change: ${change}
    checks: [{ id: check, expr: load() > 1 }]
    hints: [one, two]
`,
  );

test('options that there are, and numbers within their bounds, are no problem', () => {
  assert.deepEqual(patternProblems(labOf('{ timeout: 500ms }', '{ pattern: breaker-threshold, option: 35 }')), []);
});

for (const [patterns, change, line, says] of [
  ['{}', '{ pattern: breaker-threshold, option: 0 }', 11, /"0": it is less than 1 %\. Choose a number from 1 to 100 %/],
  ['{}', '{ pattern: timeout, option: 4s }', 11, /"timeout" has no option "4s"; it has none, 3s, 500ms/],
  ['{}', "{ pattern: teleport, option: 'on' }", 11, /There is no pattern "teleport"/],
  ['{ breaker-threshold: half }', '{ load: 5 }', 1, /"half": it is no number/],
] as const) {
  test(`${change} after ${patterns} is a problem of the lab, with its line`, () => {
    const [problem, ...more] = patternProblems(labOf(patterns, change));
    assert.deepEqual([problem?.file, problem?.line, more], ['lab.yaml', line, []]);
    assert.match(problem?.message ?? '', says);
  });
}
