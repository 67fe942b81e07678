import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SyncedObject } from '../../server/contract/patterns.ts';
import { listed, stateOf, wholeOf } from './sync-words.ts';

function object(name: string, change: Partial<SyncedObject> = {}): SyncedObject {
  const health = { state: 'done', reason: '' } as const;
  return { object: name, namespace: 'shop', sync: 'synced', drift: [], health, ...change };
}
const underWay = { state: 'under way', reason: '1 of 2 pods are new' } as const;
const fine = object('Service/orders');
const rolling = object('Deployment/orders', { health: underWay });
const drifted = object('Deployment/bank', { sync: 'out of sync', health: underWay });
const missing = object('Service/bank', { sync: 'missing', namespace: 'bank' });
const failed = object('Job/seed', { health: { state: 'failed', reason: 'the Job has failed' } });
const unknown = object('Till/till', { sync: 'unwatched' });

test('an object has one state, and what is not as desired counts before what is on its way', () => {
  const states = [fine, rolling, drifted, missing, failed, unknown].map(stateOf);
  assert.deepEqual(states, ['synced', 'applying', 'drifted', 'missing', 'failed', 'unknown']);
});

test('what is to be looked at stands first, the rest in its order, and words narrow it', () => {
  const all = [fine, unknown, rolling, drifted, missing, failed];
  const names = (words: string) => listed(all, words).map((one) => one.object);
  assert.deepEqual(names(''), [
    'Job/seed',
    'Service/bank',
    'Deployment/bank',
    'Deployment/orders',
    'Till/till',
    'Service/orders',
  ]);
  assert.deepEqual(names(' BANK  service '), ['Service/bank']);
  assert.deepEqual(names('drifted'), ['Deployment/bank']);
});

test('the whole is told by what is worst in it', () => {
  const whole = (objects: SyncedObject[], applied = true) => wholeOf({ applied, objects }, null, true);
  assert.deepEqual(whole([fine, unknown]), { state: 'synced', words: 'Synced, 2 objects' });
  assert.deepEqual(whole([fine, rolling]), { state: 'applying', words: '1 object rolling out' });
  assert.deepEqual(whole([rolling, drifted, missing, drifted]), {
    state: 'missing',
    words: '1 object missing, 2 objects drifted, 1 object rolling out',
  });
  assert.equal(whole([drifted], false).state, 'waiting');
  assert.equal(wholeOf({ applied: true, objects: [fine] }, null, false).words, 'Waiting for the cluster');
  assert.deepEqual(wholeOf({ applied: true, objects: [fine] }, 'It does not render.', true), {
    state: 'failed',
    words: 'Failed: It does not render.',
  });
});
