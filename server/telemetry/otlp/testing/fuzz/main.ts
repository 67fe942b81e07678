// `npm run fuzz -- [runs] [seed]`: mutated OTLP requests for as long as wanted. Prints the seed, and the smallest series that fails.
import { randomInt } from 'node:crypto';
import { fuzz } from './fuzz.ts';

const [runs = '20000', seed = String(randomInt(2 ** 31))] = process.argv.slice(2);
process.stdout.write(`${runs} series of requests, seed ${seed}\n`);
const statuses = await fuzz(Number(runs), Number(seed));
const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} answered ${status}`);
process.stdout.write(`${counts.join(', ')}\n`);
