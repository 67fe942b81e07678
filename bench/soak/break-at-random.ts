import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { buildPage } from '../../launch/page-build.mjs';
import { createPhases } from '../../launch/phases.mjs';
import { root, startProduct } from '../../launch/product.ts';
import { portsOf, stillOpen } from '../../launch/survival/ports.ts';
import { allGone, processesOf } from '../../launch/survival/processes.ts';
import type { StopAllResult } from '../../server/contract/faults.ts';
import { labApi, until, type LabApi } from '../lab-api.ts';
import { whatCustomersMet } from './customers.ts';
import { runFault, type FaultRun } from './fault-run.ts';
import { draws } from './random-fault.ts';
import { lookAt, residue } from './shop-world.ts';

const rate = 60;
/** Of customers' requests beyond what fails on a good day: fewer are chance in so few seconds. */
const tolerance = 0.03;
const recoversWithinMs = 60_000;

export interface Recovered extends FaultRun {
  /** From its end to customers being served as before; ms. */
  recoveryMs: number;
}

/**
 * Carries out random faults one after the other under load, each to its end and until customers are served as before. Linux only.
 *
 * @throws AssertionError when a fault, a process, a port, memory or anything else of one is left; Error when the shop does not
 *   come back to its error rate
 */
export async function breakAtRandom(
  count: number,
  seed: number,
  onRun: (run: Recovered) => void,
): Promise<{ runs: Recovered[]; errorRatio: number }> {
  await buildPage(root, process.execPath, createPhases(process.stdout));
  const product = await startProduct();
  const api = labApi(product.url);
  const runs: Recovered[] = [];
  try {
    await api.send('PUT', '/api/load', { rate });
    const errorRatio = await everyday(api);
    const before = await lookAt(product, api);
    for (const draw of draws(count, seed)) {
      const run = await runFault(api, draw);
      assert.ok(run, 'nothing can be broken here');
      const recoveryMs = await servedAgain(api, errorRatio);
      runs.push({ ...run, recoveryMs });
      onRun(runs.at(-1)!);
      await delay(draw.pauseMs);
    }
    const refused = runs.filter(({ ended }) => ended === null);
    assert.ok(refused.length <= runs.length / 5, `refused: ${refused.map(({ reason }) => reason).join('\n')}`);

    const { remaining } = await api.send<StopAllResult>('DELETE', '/api/faults');
    assert.deepEqual(remaining, [], 'faults are left');
    await api.send('POST', '/api/faults/release');
    let left: string[] = [];
    await until(async () => (left = residue(before, await lookAt(product, api))).length === 0, 60_000).catch(() => {});
    assert.deepEqual(left, [], 'the faults have left something behind');

    const processes = processesOf(product.home, product.process.pid!);
    const ports = portsOf(processes.map(({ pid }) => pid));
    await product.stop();
    await allGone(processes, 1_000);
    assert.deepEqual(stillOpen(ports), [], 'ports are left open');
    return { runs, errorRatio };
  } finally {
    await product.stop();
  }
}

/** What fails on a good day, once the load has come up. */
async function everyday(api: LabApi): Promise<number> {
  await until(async () => (await whatCustomersMet(api, 10)).requests >= 9.5 * rate, 60_000);
  return (await whatCustomersMet(api, 10)).errorRatio!;
}

/** Looks at seconds after its end alone: what customers met before is no sign of it. */
async function servedAgain(api: LabApi, errorRatio: number): Promise<number> {
  const since = Date.now();
  return until(async () => {
    const met = await whatCustomersMet(api, 3, since);
    return met.requests > 2 * rate && met.errorRatio! <= errorRatio + tolerance;
  }, recoversWithinMs);
}
