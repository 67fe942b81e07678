import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCommand } from './command.mjs';
import { LaunchError } from './launch-error.mjs';

test('no arguments start everything; "cluster" starts it alone, with as many nodes as it is told', () => {
  assert.deepEqual(readCommand([]), { what: 'lab', nodes: null, help: false });
  assert.deepEqual(readCommand(['cluster']), { what: 'cluster', nodes: null, help: false });
  assert.deepEqual(readCommand(['cluster', '--nodes', '16']), { what: 'cluster', nodes: 16, help: false });
  assert.deepEqual(readCommand(['cluster', '--nodes=1']), { what: 'cluster', nodes: 1, help: false });
  assert.equal(readCommand(['cluster', '--help']).help, true);
});

for (const [args, why] of [
  [['cluster', '--nodes', '0'], /--nodes is "0", which is not a whole number from 1 to 16\./],
  [['cluster', '--nodes', '17'], /--nodes is "17"/],
  [['cluster', '--nodes', '2.5'], /--nodes is "2.5"/],
  [['cluster', '--nodes='], /--nodes is ""/],
  [['cluster', '--node', '3'], /Unknown option '--node'/],
  [['cluster', 'five'], /five/],
  [['shop'], /There is no argument "shop"\./],
] as const) {
  test(`"${args.join(' ')}" is refused, and says why and what to do`, () => {
    assert.throws(
      () => readCommand([...args]),
      (error) =>
        error instanceof LaunchError &&
        error.code === 'bad-argument' &&
        why.test(error.message) &&
        /--help/.test(error.action),
    );
  });
}
