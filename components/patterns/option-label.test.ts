import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pattern } from '../../server/contract/patterns.ts';
import { anotherOption, optionLabel } from './option-label.ts';

const number = { min: 1, max: 100, step: 1, unit: '%', default: 50 };
const threshold = (selected: string) => ({ options: [], number, default: '50', selected }) as unknown as Pattern;
const options = [
  { id: 'none', label: 'none' },
  { id: '3s', label: '3 s' },
];
const timeout = (selected: string) => ({ options, number: null, default: 'none', selected }) as unknown as Pattern;

test('a number is said with its unit, an option by its label', () => {
  assert.equal(optionLabel(threshold('50'), '35'), '35 %');
  assert.equal(optionLabel(timeout('none'), '3s'), '3 s');
});

test('what else could be chosen is never what is chosen', () => {
  assert.deepEqual(['none', '3s'].map(timeout).map(anotherOption), ['3s', 'none']);
  assert.deepEqual(['35', '50'].map(threshold).map(anotherOption), ['50', '100']);
  assert.equal(anotherOption({ ...threshold('80'), default: '80' }), '1');
});
