import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLab } from '../../labs/engine/read-lab.ts';
import { broughtAbout, faultProblems, faultRequest, lasting } from './fault-request.ts';

/** A lab whose steps make these changes, one each. */
function labOf(...changes: string[]) {
  const steps = changes.map(
    (change, i) => `
  - id: step-${i}
    title: A step
    change: ${change}
    checks: [{ id: check-${i}, expr: load() > ${i} }]
    hints: [one, two]`,
  );
  return readLab(
    '16-test',
    `title: Test
goal: To test.
minutes: 1
level: start
start: { load: 20 }
baseline: { expr: load() > 0, for: 1s }
recap: { latency: customer, orders: customer, rows: [{ name: all, when: load() > 0 }], moments: [] }
steps:${steps.join('')}
`,
  );
}
const wanted = (change: string) => labOf(change).steps[0]!.solution.faults[0]!;

test('a lab’s fault is asked for by what its type declares', () => {
  assert.deepEqual(faultRequest(wanted('{ fault: bank-slow, target: bank, delay: 3s, share: 60, for: 2m }')), {
    ...{ kind: 'bank-slow', target: 'bank', duration: 120 },
    parameters: { delayMs: 3000, percent: 60 },
  });
  assert.deepEqual(faultRequest(wanted("{ fault: edge-latency, target: 'gateway>catalog', delay: 1s, share: 50 }")), {
    ...{ kind: 'edge-latency', target: 'gateway>catalog', duration: 900, share: '50%' },
    parameters: { delayMs: 1000 },
  });
  assert.deepEqual(faultRequest(wanted('{ fault: pod-kill, target: payments }')), {
    ...{ kind: 'pod-kill', target: 'payments', parameters: {} },
  });
});

test('what no cluster would take is a problem of the lab, with its line', () => {
  assert.deepEqual(faultProblems(labOf('{ fault: bank-slow, target: bank }', '{ fault: pod-kill, target: a }')), []);
  const problems = faultProblems(
    labOf('{ load: 5 }', '{ fault: bank-slow, target: bank, delay: 5m }', '{ fault: rain, target: a }'),
  );
  assert.deepEqual(
    problems.map(({ file, line }) => [file, line]),
    [
      ['lab.yaml', 16],
      ['lab.yaml', 21],
    ],
  );
  assert.match(problems[0]!.message, /parameters\.delayMs of bank-slow is 300000; must be/);
  assert.match(problems[1]!.message, /there is no fault rain; there are bank-slow,/);
});

test('a pod is killed by the step that kills it, and by no reset and no later step', () => {
  const [kill, slow] = labOf('{ fault: pod-kill, target: orders }', '{ fault: bank-slow, target: bank }').steps;
  const kinds = ({ faults }: { faults: { fault: string }[] }) => faults.map(({ fault }) => fault);
  assert.deepEqual(kinds(broughtAbout(kill!.solution, kill!.start)), ['pod-kill']);
  assert.deepEqual(kinds(lasting(slow!.start)), []);
  assert.deepEqual(kinds(broughtAbout(slow!.solution, slow!.start)), ['bank-slow']);
});
