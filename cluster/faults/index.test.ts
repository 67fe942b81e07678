import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { streamFaultTypes, type StreamFault } from '../network-faults/index.ts';
import { problemsOf, withDefaults } from './check.ts';
import { drivers } from './drivers/index.ts';
import { faultTypes } from './index.ts';

const filesWith = (folder: string, definition: RegExp) =>
  readdirSync(folder)
    .filter((name) => /(?<!\.test)\.ts$/.test(name) && definition.test(readFileSync(join(folder, name), 'utf8')))
    .map((name) => name.replace('.ts', ''))
    .sort();

test('every type that has a file is listed under its name, and every driver is', () => {
  const { dirname } = import.meta;
  assert.deepEqual(faultTypes.map(({ id }) => id).sort(), filesWith(dirname, /^export const \w+: FaultType =/m));
  assert.deepEqual(
    Object.keys(drivers).sort(),
    filesWith(join(dirname, 'drivers'), /^export const \w+: DriverType =/m),
  );
});

for (const type of faultTypes) {
  test(`${type.id} has defaults within its own bounds, and drivers that exist`, () => {
    const target = { [type.targets[0]!]: type.targets[0] === 'edge' ? `a>${type.callee ?? 'b'}` : 'a' };
    assert.deepEqual(problemsOf(withDefaults({ type: type.id, target })), []);
    for (const { driver } of type.carriers.flatMap((each) => [each, each.along ?? each]))
      assert.ok(driver in drivers, driver);
  });

  for (const bound of ['min', 'max'] as const) {
    const carrier = type.carriers.find(({ driver }) => driver === 'pod-network');
    if (!carrier) continue;
    test(`${type.id} at its ${bound} keeps to the bounds of the network fault that it is`, () => {
      const parameters = Object.fromEntries(type.parameters.map((each) => [each.name, each[bound]]));
      const fault = carrier.order(parameters) as StreamFault;
      const bounds = streamFaultTypes[fault.type].attributes as Record<string, { min: number; max: number }>;
      for (const [name, value] of Object.entries(fault.attributes)) {
        assert.ok(value >= bounds[name]!.min && value <= bounds[name]!.max, name);
      }
    });
  }
}
