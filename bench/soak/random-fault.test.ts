import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultTypes } from '../../cluster/faults/index.ts';
import type { FaultKind } from '../../server/contract/faults.ts';
import { draws, requestOf } from './random-fault.ts';

/** The catalogue as the API has it, where each type has two targets. */
const catalogue = faultTypes.map((type) => ({
  ...type,
  targets: ['a', 'b'],
  reason: null as string | null,
})) as unknown as FaultKind[];

test('the same seed draws the same faults, another one others', () => {
  assert.deepEqual(draws(20, 7), draws(20, 7));
  assert.notDeepEqual(draws(20, 7), draws(20, 8));
});

test('every type is drawn sooner or later, with numbers inside its bounds', () => {
  const requests = draws(2_000, 1).map((draw) => requestOf(draw, catalogue)!);
  assert.deepEqual(new Set(requests.map(({ kind }) => kind)), new Set(faultTypes.map(({ id }) => id)));
  for (const { kind, parameters, duration } of requests) {
    const type = faultTypes.find(({ id }) => id === kind)!;
    assert.ok(duration! <= type.duration.max && duration! >= Math.min(1, type.duration.max), `${kind}: ${duration} s`);
    for (const { name, min, max } of type.parameters)
      assert.ok(parameters![name]! >= min && parameters![name]! <= max, `${kind}: ${name} ${parameters![name]}`);
  }
});

test('a type that cannot act now is not drawn', () => {
  const [first, ...others] = catalogue;
  const only = [first!, ...others.map((kind) => ({ ...kind, reason: 'not here' }))];
  for (const draw of draws(50, 3)) assert.equal(requestOf(draw, only)?.kind, first!.id);
  assert.equal(
    requestOf(
      draws(1, 3)[0]!,
      others.map((kind) => ({ ...kind, targets: [] })),
    ),
    null,
  );
});
