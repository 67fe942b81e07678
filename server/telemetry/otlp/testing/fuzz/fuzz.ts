import fc from 'fast-check';
import { mutated } from './mutations.ts';
import { realRequests } from './real-requests.ts';
import { withstands } from './withstands.ts';

/**
 * Sends `runs` short series of mutated requests. The same seed makes the same ones, but for the ids and times of the real requests.
 *
 * @returns how many answers had which status
 * @throws with the smallest series that fails, and its seed
 */
export async function fuzz(runs: number, seed: number): Promise<Map<number, number>> {
  const total = new Map<number, number>();
  const series = fc.array(mutated(await realRequests()), { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(series, async (requests) => {
    for (const [status, count] of await withstands(requests)) total.set(status, (total.get(status) ?? 0) + count);
  });
  // What takes seconds is found by its first series; making that smaller must not take for ever.
  const interruptAfterTimeLimit = 30_000 + 20 * runs;
  await fc.assert(property, { numRuns: runs, seed, interruptAfterTimeLimit, markInterruptAsFailure: true });
  return total;
}
