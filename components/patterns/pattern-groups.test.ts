import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pattern } from '../../server/contract/patterns.ts';
import { arrange, isSwitch } from './pattern-groups.ts';

const pattern = (id: string, place: string, options = ['off', 'on']) =>
  ({
    ...{ id, title: id, place, summary: `About ${id}.`, selected: options[0]!, number: null },
    options: options.map((option) => ({ id: option, label: option })),
  }) as unknown as Pattern;

const shop = [
  pattern('canary', 'gateway → orders'),
  pattern('timeout', 'payments → bank', ['none', '3s']),
  pattern('cache', 'gateway → catalog, payments → bank'),
  pattern('shedding', 'orders'),
  pattern('retries', 'payments → bank'),
  pattern('shutdown', 'every service'),
];
const everything = { selection: '', ofLab: [] as string[], words: '' };
const listed = (wanted: Partial<typeof everything>) =>
  arrange(shop, { ...everything, ...wanted }).map(({ title, patterns }) => [title, ...patterns.map(({ id }) => id)]);

test('patterns stand under their place, in the order of the list', () => {
  assert.deepEqual(listed({}), [
    ['gateway → orders', 'canary'],
    ['payments → bank', 'timeout', 'retries'],
    ['gateway → catalog, payments → bank', 'cache'],
    ['orders', 'shedding'],
    ['every service', 'shutdown'],
  ]);
});

test('the patterns of a selected edge come first, its own before those at its ends, and each is there once', () => {
  assert.deepEqual(listed({ selection: 'gateway>orders' }), [
    ['At gateway → orders', 'canary', 'shedding'],
    ['payments → bank', 'timeout', 'retries'],
    ['gateway → catalog, payments → bank', 'cache'],
    ['every service', 'shutdown'],
  ]);
  assert.deepEqual(listed({ selection: 'payments>bank' })[0], ['At payments → bank', 'timeout', 'cache', 'retries']);
});

test('of a selected service its own come first, and then those of its edges; some have none', () => {
  assert.deepEqual(listed({ selection: 'orders' })[0], ['At orders', 'shedding', 'canary']);
  assert.deepEqual(listed({ selection: 'users' }), listed({}));
});

test('in a lab its own come first, in its order, after those of the selection', () => {
  const ofLab = ['retries', 'shutdown', 'gone'];
  assert.deepEqual(listed({ ofLab })[0], ['In this lab', 'retries', 'shutdown']);
  assert.deepEqual(listed({ ofLab, selection: 'bank' }).slice(0, 2), [
    ['At bank', 'timeout', 'cache', 'retries'],
    ['In this lab', 'shutdown'],
  ]);
});

test('patterns are found by what they are called, where they are, and what can be chosen', () => {
  assert.deepEqual(listed({ words: 'TIME' }), [['payments → bank', 'timeout']]);
  assert.deepEqual(listed({ words: 'bank 3s' }), [['payments → bank', 'timeout']]);
  assert.deepEqual(listed({ words: 'about shed' }), [['orders', 'shedding']]);
  assert.deepEqual(listed({ words: 'nothing of this' }), []);
});

test('off and one other is a switch, three options are not', () => {
  assert.ok(isSwitch(pattern('breaker', 'edge', ['off', 'library'])));
  assert.ok(!isSwitch(pattern('timeout', 'edge', ['none', '3s', '500ms'])));
  assert.ok(!isSwitch(pattern('style', 'shop', ['sync', 'events'])));
});
