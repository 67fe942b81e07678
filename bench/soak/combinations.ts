// `npm run combinations -- [from]`: every two choices of patterns, together on a running shop: each combination has to deploy, become ready and take orders.
import { buildPage } from '../../launch/page-build.mjs';
import { createPhases } from '../../launch/phases.mjs';
import { root, startProduct } from '../../launch/product.ts';
import { queryOrders } from '../../launch/survival/shop-database.ts';
import type { Frame } from '../../server/contract/frame.ts';
import type { Pattern } from '../../server/contract/patterns.ts';
import type { Topology } from '../../server/contract/topology.ts';
import { labApi, until } from '../lab-api.ts';
import { combinationsOf, type Combination } from './pattern-pairs.ts';

const readyWithinMs = 120_000;
const ordersWithinMs = 60_000;
const pollMs = 250;
const databasePatienceMs = 10_000;

await buildPage(root, process.execPath, createPhases(process.stdout));
const product = await startProduct();
const api = labApi(product.url);
const failed: string[] = [];
try {
  await api.send('PUT', '/api/load', { rate: 20 });
  const { patterns } = await api.get<{ patterns: Pattern[] }>('/api/patterns');
  const combinations = combinationsOf(patterns);
  const from = Number(process.argv[2] ?? 1);
  for (const [index, combination] of combinations.entries()) {
    if (index + 1 < from) continue;
    const since = performance.now();
    const problem = await tried(combination).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const seconds = ((performance.now() - since) / 1_000).toFixed(1);
    process.stdout.write(
      `${problem ? '✗' : '✓'} ${index + 1} of ${combinations.length}, ${seconds} s: ${told(combination)}\n`,
    );
    if (problem) process.stdout.write(`    ${problem}\n`);
    if (problem) failed.push(told(combination));
  }

  async function tried(combination: Combination): Promise<void> {
    // Where policies are enforced, some of the combinations are what they are there to refuse: their check comes on with each anew.
    await api.send('PUT', '/api/patterns/policy-check', { option: 'off' });
    await api.send('PUT', '/api/patterns', { patterns: combination });
    await until(isReady, readyWithinMs, pollMs).catch(async (error: unknown) => {
      const { desiredProblem } = await api.get<Frame>('/api/state');
      throw desiredProblem ? new Error(desiredProblem, { cause: error }) : error;
    });
    const before = await orders();
    await until(async () => (await orders()) > before, ordersWithinMs, pollMs);
  }

  async function isReady(): Promise<boolean> {
    const { patterns } = await api.get<{ patterns: Pattern[] }>('/api/patterns');
    if (patterns.some(({ rolling }) => rolling)) return false;
    const { services } = await api.get<Topology>('/api/topology');
    return services.flatMap(({ pods }) => pods).every(({ state }) => state === 'ready');
  }

  async function orders(): Promise<number> {
    const sql = "SELECT count(*) FROM orders WHERE status IN ('accepted', 'to-be-paid')";
    return Number((await queryOrders<{ count: string }>(product.kubeconfig, sql, [], databasePatienceMs))[0]?.count);
  }

  function told(combination: Combination): string {
    return Object.entries(combination)
      .map(([id, option]) => `${id} ${option}`)
      .join(', ');
  }
} finally {
  await product.stop();
}
process.stdout.write(
  failed.length === 0 ? '✓ every combination takes orders\n' : `✗ ${failed.length} combinations do not\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
