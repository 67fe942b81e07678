import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpressionError, factsIn, Language, Unmeasured } from './expression.ts';
import { keyOf, vocabulary, type Facts, type FactValue } from './vocabulary.ts';

const language = new Language(vocabulary);
const told = (values: Record<string, FactValue>): Facts => ({
  ask: (fact, args, when) => values[keyOf(fact, args, when)] ?? null,
});
const value = (source: string, values: Record<string, FactValue>) =>
  language.compile(source, 'any').value(told(values));

test('an expression asks the facts it names, now and at the baseline', () => {
  const facts = { 'p95 customer': 1300, 'baseline p95 customer': 12 };
  assert.equal(value("p95('customer') > 3 * baseline(p95('customer'))", facts), true);
  assert.equal(value("max(1.5 * baseline(p95('customer')), baseline(p95('customer')) + 25)", facts), 37);
  assert.equal(
    value("pattern('timeout') == '500ms' && !fault('bank')", { 'pattern timeout': '500ms', 'fault bank': false }),
    true,
  );
});

test('whole numbers and those with a point mix', () => {
  for (const source of ["p95('a') == 2", "p95('a') * 3 == 6.0", "1 + p95('a') > 2", "p95('a') / 4 < 1"])
    assert.equal(value(source, { 'p95 a': 2 }), true, source);
});

test('what is not measured is told apart from what does not hold', () => {
  assert.throws(
    () => value("p95('customer') > 1", {}),
    (error) => error instanceof Unmeasured && error.when === 'now' && error.args[0] === 'customer',
  );
  assert.throws(
    () => value("p95('a') > baseline(p95('a'))", { 'p95 a': 1 }),
    (error) => error instanceof Unmeasured && error.when === 'baseline',
  );
  assert.equal(
    value("fault('bank') && p95('customer') > 1", { 'fault bank': false }),
    false,
    'what is decided already is not asked',
  );
  assert.equal(value("p95('a') > 1", { 'p95 a': 2 }), true, 'a failed evaluation leaves nothing behind');
});

for (const [source, message] of [
  ["p95('customer'", /RPAREN/],
  ["p59('customer') > 1", /p59/],
  ["p95('customer') > 'much'", /double > string/],
  ["p95('customer')", /is a double, not something that holds/],
  ['unknown > 1', /unknown/i],
  [`${'('.repeat(60)}true${')'.repeat(60)}`, /./],
  [`'${'x'.repeat(2000)}' == ''`, /longer than 1000/],
] as const) {
  test(`${source.slice(0, 40)} is refused, in one line`, () => {
    assert.throws(
      () => language.compile(source, 'bool'),
      (error) => error instanceof ExpressionError && message.test(error.message) && !error.message.includes('\n'),
    );
  });
}

test('all facts in an expression are known before it is evaluated', () => {
  const { ast } = language.compile("fault('bank') && max(p95('a'), 2) < 3 * baseline(rate('b'))", 'bool');
  assert.deepEqual(
    factsIn(ast).map(({ fact, args, when }) => keyOf(fact, args, when)),
    ['fault bank', 'p95 a', 'baseline rate b'],
  );
});

test('a lab may bring a word of its own, made of others', () => {
  const own = new Language([
    ...vocabulary,
    {
      ...{
        name: 'callsPerOrder',
        args: [],
        type: 'double',
        unit: 'count',
        says: () => 'calls for each order',
        means: '',
      },
      from: (ask) => Number(ask('rate', 'payments>bank')) / Number(ask('rate', 'orders')),
    },
  ]);
  assert.equal(
    own.compile('callsPerOrder() > 2', 'bool').value(told({ 'rate payments>bank': 6, 'rate orders': 2 })),
    true,
  );
});
