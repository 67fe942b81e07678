import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pattern } from '../../server/contract/patterns.ts';
import { patternCommands } from './pattern-commands.ts';

const pattern = (more: Partial<Pattern>): Pattern => ({
  ...{ id: 'timeout', title: 'Timeout', place: 'payments → bank', summary: '', cost: '', whenNot: '', number: null },
  options: [
    { id: 'none', label: 'none', summary: '' },
    { id: '3s', label: '3 s', summary: '' },
    { id: 'sidecar', label: 'sidecar proxy', summary: '', unavailable: 'This cluster has no such image.' },
  ],
  ...{ default: 'none', selected: 'none', idleWithout: [], rolling: false, lastSwitchMs: null },
  ...more,
});
const threshold = (selected: string) =>
  pattern({
    ...{ id: 'breaker-threshold', title: 'Breaker threshold', options: [], default: '50', selected },
    number: { min: 1, max: 100, step: 1, unit: '%', default: 50 },
  });
const labels = (patterns: Pattern[], search = '') => patternCommands(patterns, search).map(({ label }) => label);

test('a pattern offers the options that are not chosen and can be', () => {
  assert.deepEqual(labels([pattern({})]), ['Timeout: 3 s']);
  assert.deepEqual(labels([pattern({ selected: '3s' })]), ['Timeout: none']);
});

test('a pattern that is a number offers the one that was typed, and else its default', () => {
  assert.deepEqual(labels([threshold('50')]), []);
  assert.deepEqual(labels([threshold('35')]), ['Breaker threshold: 50 %']);
  assert.deepEqual(labels([threshold('50')], 'breaker 35'), ['Breaker threshold: 35 %']);
});

test('a number that the pattern cannot have is not offered', () => {
  assert.deepEqual(labels([threshold('50')], 'breaker 101'), []);
  assert.deepEqual(labels([threshold('50')], 'breaker 7.5'), []);
});
