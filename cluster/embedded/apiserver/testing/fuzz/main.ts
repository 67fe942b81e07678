// `npm run fuzz:api -- [requests] [seed]`: mutated requests to an API server, a fifth of them such that go on in frames of WebSocket or SPDY,
// to pods of a cluster. Prints the seed, and what was sent where it fails.
import { randomInt } from 'node:crypto';
import { fuzzFrames } from './fuzz-frames.ts';
import { fuzz, type FuzzResult } from './fuzz.ts';

const [requests = '10000', seed = String(randomInt(2 ** 31))] = process.argv.slice(2);
const inFrames = Math.ceil(Number(requests) / 5);
process.stdout.write(`${requests} requests, ${inFrames} of them with frames, seed ${seed}\n`);
const told = ({ statuses, grown }: FuzzResult) => {
  const counts = [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${count} answered ${status || 'not at all'}`);
  return `${counts.join(', ')}; the heap grew by ${grown.toFixed(0)} MiB; no connection and no process was left\n`;
};
process.stdout.write(`requests: ${told(await fuzz(Number(requests) - inFrames, Number(seed)))}`);
process.stdout.write(`with frames: ${told(await fuzzFrames(inFrames, Number(seed)))}`);
