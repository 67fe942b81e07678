import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { Marks } from '../marks.ts';
import { Load } from './load.ts';

/** Load generators that keep the rate they are told, or do not answer. */
class Generators {
  readonly rates = new Map([['loadgen-1', 50]]);
  readonly problems: unknown[] = [];
  readonly marks = new Marks();
  away = false;
  readonly load: Load;

  constructor() {
    const list = () =>
      [...this.rates.keys()].map((name) => ({
        metadata: { name, labels: { app: 'loadgen' } },
        spec: { containers: [{ ports: [{ name: 'admin', containerPort: 9000 }] }] },
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      }));
    const deployments = [{ metadata: { name: 'loadgen', labels: { 'breakwater.dev/role': 'load' } } }];
    const http = async (pod: string, _port: number, { body }: { body?: { rate: number } }) => {
      if (this.away) throw new Error(`${pod} does not answer`);
      if (body) this.rates.set(pod, body.rate);
      return { status: 200, body: JSON.stringify({ rate: this.rates.get(pod), max: 500 }) };
    };
    this.load = new Load({
      cluster: { view: { pods: { list }, deployments: { list: () => deployments } }, http } as unknown as Cluster,
      telemetry: { load: () => null },
      marks: this.marks,
      onProblem: (error) => this.problems.push(error),
    });
  }
}

test('a rate is told to every generator, each its share', async () => {
  const generators = new Generators();
  generators.rates.set('loadgen-2', 50);
  assert.equal((await generators.load.set(60)).pending, undefined);
  assert.deepEqual([...generators.rates.values()], [30, 30]);
});

test('a rate out of bounds is refused, and nothing changes', async () => {
  const generators = new Generators();
  await assert.rejects(generators.load.set(501), { code: 'out-of-range' });
  await generators.load.assert();
  assert.deepEqual([...generators.rates.values(), generators.load.view().rate], [50, 50]);
  assert.deepEqual(generators.marks.list(), []);
});

test('a rate that no generator can be told is kept, says so, and is told later', async () => {
  const generators = new Generators();
  generators.away = true;
  const answer = await generators.load.set(60);
  assert.deepEqual([answer.rate, answer.pending], [60, 'loadgen-1 does not answer']);
  assert.equal(generators.problems.length, 1);
  generators.away = false;
  await generators.load.assert();
  assert.equal(generators.rates.get('loadgen-1'), 60);
});

test('a rate kept from before a restart is wanted at once and told in turn; one set since goes first', async () => {
  const generators = new Generators();
  generators.load.keep(60);
  assert.equal(generators.load.view().rate, 60);
  await generators.load.assert();
  assert.equal(generators.rates.get('loadgen-1'), 60);
  assert.deepEqual(generators.marks.list(), [], 'nobody has changed it');
  generators.load.keep(70);
  assert.equal(generators.load.view().rate, 60);
});

test('so is a rate while no generator is ready', async () => {
  const generators = new Generators();
  generators.rates.clear();
  assert.equal((await generators.load.set(60)).pending, 'No load generator is ready.');
  generators.rates.set('loadgen-1', 0);
  await generators.load.assert();
  assert.equal(generators.rates.get('loadgen-1'), 60);
});

test('a turn that fails while a rate is set does not fail the setting', async () => {
  const generators = new Generators();
  generators.away = true;
  const turn = generators.load.assert();
  generators.away = false; // the turn has asked already
  const set = generators.load.set(60);
  await assert.rejects(turn);
  assert.equal((await set).pending, undefined);
  assert.equal(generators.rates.get('loadgen-1'), 60);
});
