import { equal } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { humanDuration, selectorText, since } from './columns.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a duration as kubectl prints it', () => {
  const cases: [number, string][] = [
    [-5, '<invalid>'],
    [-0.5, '0s'],
    [0, '0s'],
    [119.9, '119s'],
    [2 * MINUTE, '2m'],
    [2 * MINUTE + 5, '2m5s'],
    [10 * MINUTE + 5, '10m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR, '3h'],
    [7 * HOUR + 59 * MINUTE, '7h59m'],
    [47 * HOUR, '47h'],
    [2 * DAY, '2d'],
    [7 * DAY + 3 * HOUR, '7d3h'],
    [100 * DAY, '100d'],
    [3 * 365 * DAY + 9 * DAY, '3y9d'],
    [9 * 365 * DAY, '9y'],
  ];
  for (const [seconds, text] of cases) it(`is ${text} for ${seconds} s`, () => equal(humanDuration(seconds), text));

  it('is <unknown> without a time to count from', () => equal(since(undefined, 0), '<unknown>'));
});

describe('a selector as kubectl prints it', () => {
  it('joins labels and expressions', () => {
    const selector = {
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['b', 'a'] },
        { key: 'old', operator: 'DoesNotExist' },
      ],
    };
    equal(selectorText(selector), '!old,app=web,tier in (a,b)');
  });
});
