// `npm run random-faults -- [faults] [seed]`: random faults in a row on a running shop; what each left, and how soon the shop was as before. Linux only.
import { randomInt } from 'node:crypto';
import { breakAtRandom } from './break-at-random.ts';
import { nameOf } from './fault-run.ts';

const [count = '200', seed = String(randomInt(2 ** 31))] = process.argv.slice(2);
process.stdout.write(`${count} random faults, seed ${seed}\n`);
const { runs, errorRatio } = await breakAtRandom(Number(count), Number(seed), (run) => {
  const hit = run.ended ? `${run.ended.evidence.pods.length} pods` : 'refused';
  const served = `served as before after ${(run.recoveryMs / 1_000).toFixed(1)} s`;
  process.stdout.write(`  ${nameOf(run)}: ${hit}, ${served}${run.reason ? `; ${run.reason}` : ''}\n`);
});
const slowest = Math.max(...runs.map(({ recoveryMs }) => recoveryMs));
process.stdout.write(
  `${runs.filter(({ ended }) => ended).length} of ${runs.length} acted and ended; nothing is left of them. ` +
    `${(100 * errorRatio).toFixed(1)} % of requests fail on a good day; as before within ${(slowest / 1_000).toFixed(1)} s of each end.\n`,
);
