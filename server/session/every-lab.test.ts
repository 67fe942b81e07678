import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { labs } from '../../labs/catalogue.ts';
import type { LabDefinition } from '../../labs/lab.ts';
import type { SystemState } from '../contract/lab.ts';
import { LabSession } from './lab-session.ts';
import { activeFaults, selections } from './lab-system.ts';
import type { DrivenSystem } from './testing/driven-system.ts';

/** Longer than any check has to hold. */
const watchedSeconds = 30;
const patienceSeconds = 60;

for (const lab of labs) {
  describe(lab.title, async () => {
    const { DrivenShop } = (await import(`../../labs/${lab.id}/testing/driven-shop.ts`)) as {
      DrivenShop: new () => DrivenSystem;
    };
    for (const [i, { id }] of lab.steps.entries()) {
      test(`step ${id}: no check is met at its start, all are at its solution, and a reset undoes it`, async () => {
        const { shop, session } = await at(lab, i, new DrivenShop());
        const run = () => session.view();
        await session.resetStep();
        assertIn(shop, lab.steps[i]!.start);
        shop.seconds(watchedSeconds, () => session.tick());
        assert.ok(run().checks.length > 0);
        const unmet = run().checks.every(({ state, alreadyHeld }) => state === 'pending' && !alreadyHeld);
        assert.ok(unmet, JSON.stringify(run().checks));
        await solve(shop, session);
        assertIn(shop, lab.steps[i]!.solution);
        await session.resetStep();
        assertIn(shop, lab.steps[i]!.start);
        assert.notEqual(run().steps[i]!.state, 'done');
      });
    }
  });
}

/** A session at the step, the ones before it solved. */
async function at(lab: LabDefinition, step: number, shop: DrivenSystem) {
  const session = new LabSession(lab, shop, () => shop.now);
  await session.start();
  for (let i = 0; i < step; i++) {
    await solve(shop, session);
    session.show(i + 1);
  }
  return { shop, session };
}

/** “Show me”, and the time its checks need. */
async function solve(shop: DrivenSystem, session: LabSession): Promise<void> {
  const doing = session.showMe();
  assert.equal(session.view().busy, 'Doing the step');
  const turning = setInterval(() => shop.advance(), 25);
  await doing.finally(() => clearInterval(turning));
  const done = () => session.view().steps[session.view().step]!.state === 'done';
  for (let i = 0; i < patienceSeconds && !done(); i++) shop.seconds(1, () => session.tick());
  assert.ok(done(), JSON.stringify(session.view().checks));
}

function assertIn(shop: DrivenSystem, { patterns, faults, load }: SystemState): void {
  const selected = selections(shop);
  for (const { id, options } of shop.patterns.list()) assert.equal(selected[id], patterns[id] ?? options[0]!.id, id);
  const kinds = (all: { kind: string; target: string }[]) => all.map(({ kind, target }) => `${kind} ${target}`).sort();
  assert.deepEqual(kinds(activeFaults(shop)), kinds(faults));
  assert.equal(shop.load.view().rate, load);
}
