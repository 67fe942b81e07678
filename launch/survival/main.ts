// `npm run kills -- [kills] [seed]`: kills parts of a running shop at random moments, and counts what is lost. Linux only.
import { randomInt } from 'node:crypto';
import { killAtRandom } from './kills.ts';

/** What an order has to come back within: a goal, so it is told and not enforced, unlike what may be lost. */
const goalMs = 5_000;

const [count = '50', seed = String(randomInt(2 ** 31))] = process.argv.slice(2);
process.stdout.write(`${count} kills, seed ${seed}\n`);
const { kills, acknowledged } = await killAtRandom(Number(count), Number(seed), ({ what, recoveryMs }) =>
  process.stdout.write(`${recoveryMs.toFixed(0).padStart(6)} ms after SIGKILL of ${what}\n`),
);
const sorted = kills.map(({ recoveryMs }) => recoveryMs).sort((a, b) => a - b);
const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!.toFixed(0);
process.stdout.write(
  `${acknowledged} orders acknowledged, none lost; no process and no port left. Orders again after ${quantile(0.5)} ms (median), ` +
    `${quantile(0.9)} ms (p90), ${quantile(1)} ms (longest); ${sorted.filter((ms) => ms > goalMs).length} of ${count} took longer than ${goalMs} ms.\n`,
);
