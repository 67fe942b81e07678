import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Measurements } from './measurements.ts';
import { ShopFacts } from './shop-facts.ts';
import { ShopInHand } from './testing/shop-in-hand.ts';
import { Witness } from './witness.ts';

function factsOf(shop: ShopInHand, witness = new Witness(shop, () => shop.now)): ShopFacts {
  const measurements = new Measurements(shop.telemetry);
  const sources = { stepOpenedAt: shop.now, ledgerAtOpening: null, answered: () => false, baseline: null };
  return new ShopFacts({ system: shop, measurements, witness, ...sources });
}

test('a queue is asked for by its broker and its name; of one that nobody reports there is nothing to tell', () => {
  const shop = new ShopInHand();
  const queued = (queue: string) => factsOf(shop).ask('queued', [queue], 'now');
  assert.equal(queued('rabbitmq>payments'), null);
  const report = { unacked: 1, consumers: 1 };
  shop.queues = [
    { name: 'payments', depth: 213, ...report },
    { name: 'payments.dead', depth: 2, ...report },
  ];
  assert.deepEqual([queued('rabbitmq>payments'), queued('rabbitmq>payments.dead')], [213, 2]);
  assert.deepEqual([queued('rabbitmq>orders'), queued('redis>payments'), queued('payments')], [null, null, null]);
});

test('what has gathered in a queue is counted from when the step first asked, and anew in the next step', () => {
  const shop = new ShopInHand();
  const witness = new Witness(shop, () => shop.now);
  const gathered = () => factsOf(shop, witness).ask('gathered', ['rabbitmq>payments.dead'], 'now');
  const dead = (depth: number) => {
    shop.queues = [{ name: 'payments.dead', depth, unacked: 0, consumers: 0 }];
    return gathered();
  };
  assert.equal(gathered(), null);
  assert.deepEqual([dead(1_500), dead(1_520), dead(1_490)], [0, 20, 0]);
  assert.deepEqual(witness.toRecord().queues, { 'rabbitmq>payments.dead': 1_500 });
  witness.forget();
  assert.deepEqual([dead(1_490), dead(1_491)], [0, 1]);
});

test('how long after it was made an order is paid, is told by the books', () => {
  const shop = new ShopInHand();
  assert.equal(factsOf(shop).ask('paidAfter', [], 'now'), null);
  shop.paidAfter = 41_000;
  assert.equal(factsOf(shop).ask('paidAfter', [], 'now'), 41_000);
});
