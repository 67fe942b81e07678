// `npm run soak -- [minutes] [seed] [requests a second]`: random faults on a running shop with every careful pattern on; exits with 1 when a
// customer came to harm. Its report is a page and JSON in .breakwater/soak/. Linux only.
import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../launch/product.ts';
import { nameOf } from './fault-run.ts';
import { reportPage } from './report.ts';
import { soak } from './soak.ts';

const [minutes = '10', seed = String(randomInt(2 ** 31)), rate = '100'] = process.argv.slice(2);
process.stdout.write(`${minutes} minutes of random faults at ${rate} requests a second, seed ${seed}\n`);
const result = await soak({
  ...{ minutes: Number(minutes), seed: Number(seed), rate: Number(rate) },
  onFault: (run) => process.stdout.write(`  ${nameOf(run)}${run.reason ? `: ${run.reason}` : ''}\n`),
});
const folder = join(root, '.breakwater', 'soak');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'report.json'), `${JSON.stringify(result, null, 2)}\n`);
writeFileSync(join(folder, 'report.html'), reportPage(result));
process.stdout.write(`${JSON.stringify(result.ledger)}\nReport: ${join(folder, 'report.html')}\n`);
if (result.broken.length > 0) {
  process.stdout.write(result.broken.map((what) => `✗ ${what}\n`).join(''));
  process.exitCode = 1;
} else process.stdout.write('✓ no customer came to harm\n');
