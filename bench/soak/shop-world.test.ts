import assert from 'node:assert/strict';
import { test } from 'node:test';
import { residue, type ShopWorld } from './shop-world.ts';

const world: ShopWorld = {
  services: ['bank 1/1', 'payments 1/1'],
  nodes: ['node-1 ready'],
  trouble: [],
  ...{ processes: 30, ports: 25, files: 600, megabytes: 600 },
};

test('a world that breathes is as it was', () => {
  assert.deepEqual(residue(world, { ...world, processes: 25, files: 650, megabytes: 700 }), []);
});

test('each thing that is left is told', () => {
  const after: ShopWorld = {
    services: ['bank 1/1', 'payments 0/1'],
    nodes: ['node-1 not ready'],
    trouble: ['Slow bank of bank still acts'],
    ...{ processes: 31, ports: 25, files: 900, megabytes: 900 },
  };
  assert.deepEqual(residue(world, after), [
    'Slow bank of bank still acts',
    'services: payments 0/1 is new',
    'services: payments 1/1 is gone',
    'nodes: node-1 not ready is new',
    'nodes: node-1 ready is gone',
    'processes: 30 before, 31 now',
    'files: 600 before, 900 now',
    'megabytes: 600 before, 900 now',
  ]);
});
