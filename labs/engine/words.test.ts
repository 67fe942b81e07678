import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Language } from './expression.ts';
import { compileTemplate, fill } from './template.ts';
import { keyOf, vocabulary, type Facts, type FactValue } from './vocabulary.ts';
import { detailOf, titleOf } from './words.ts';

const language = new Language(vocabulary);
const told = (values: Record<string, FactValue>): Facts => ({
  ask: (fact, args, when) => values[keyOf(fact, args, when)] ?? null,
});

for (const [source, title] of [
  ["p95('customer') > 1000", 'P95 of customers over 1 s'],
  ["errors('customer POST /api/orders') >= 0.4", 'Errors of POST /api/orders at least 40 %'],
  [
    "p95('gateway>catalog') > 3 * baseline(p95('gateway>catalog'))",
    'P95 of gateway → catalog over 3 × p95 of gateway → catalog at the baseline',
  ],
  ["pattern('timeout') == '500ms' && rate('orders') < 2.5", 'Timeout is 500ms, and requests of orders under 2.5 /s'],
  ["!fault('bank')", 'Not: a fault acts on bank'],
  ["healed('payments>bank')", 'The breaker payments → bank opened, probed and closed again'],
] as const) {
  test(`the title of ${source} says what it tests`, () => {
    assert.equal(titleOf(language.compile(source, 'bool'), language), title);
  });
}

test('the detail tells what is compared, with units, and the limit where it is measured too', () => {
  const detail = (source: string, values: Record<string, FactValue>) =>
    detailOf(language.compile(source, 'bool'), language, told(values));
  assert.equal(detail("p95('customer') > 1000", { 'p95 customer': 1310 }), '1.3 s now');
  assert.equal(
    detail("p95('a') < 3 * baseline(p95('a'))", { 'p95 a': 80, 'baseline p95 a': 12 }),
    '80 ms now, limit 36 ms',
  );
  assert.equal(
    detail("errors('a') > 0.4 && fault('bank')", { 'errors a': 0.333, 'fault bank': true }),
    '33 % now; yes',
  );
  assert.equal(detail("p95('a') > 1", {}), '– now');
});

test('a template holds figures of the run in its sentence', () => {
  const template = compileTemplate(
    "p95 is {p95('a')}, {rate('b')} and {number(rate('b') * 3)} slots; {p95('c')}.",
    language,
  );
  assert.equal(
    fill(template, language, told({ 'p95 a': 0.84, 'rate b': 19.8 })),
    'p95 is 0.8 ms, 20 /s and 59 slots; –.',
  );
});
