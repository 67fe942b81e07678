import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../../embedded/kinds/types.ts';
import type { Reading } from '../evidence.ts';
import type { Surroundings } from './driver.ts';
import { nodePower } from './node-power.ts';

/** Nodes that note whether they have power. */
function machine() {
  const down = new Set<string>();
  const readings: Reading[] = [];
  const nodes: Surroundings['nodes'] = {
    off: async (node) => void down.add(node),
    on: async (node) => void down.delete(node),
  };
  const report = (_id: string, reading: Reading) => void readings.push(reading);
  return { down, readings, driver: nodePower.start({ nodes, report } as unknown as Surroundings) };
}

const pods = [{ metadata: { name: 'orders-1' } } as Pod];
const order = (id: string) => ({ id, what: null, node: 'node-1', pods, destinations: [], remainingMs: 60_000 });

test('a node is down while the fault lasts, and what died with it is counted', async () => {
  const { down, readings, driver } = machine();
  await driver.carryOut(order('a'));
  await driver.carryOut({ ...order('a'), pods: [] });
  assert.deepEqual([...down], ['node-1']);
  assert.deepEqual(readings, [{ counter: 'node-1', killed: 1, pods: ['orders-1'] }]);
  assert.deepEqual([await driver.undo('a', []), [...down], (await driver.acting([])).ids], [[], [], []]);
});

test('a node that two faults have taken comes back with the end of the last', async () => {
  const { down, driver } = machine();
  await driver.carryOut(order('a'));
  await driver.carryOut(order('b'));
  await driver.undo('a', []);
  assert.deepEqual([...down], ['node-1']);
  await driver.undo('b', []);
  assert.deepEqual([...down], []);
});
