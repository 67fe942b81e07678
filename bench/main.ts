// `npm run bench [-- PART ...]`: measures, prints and writes docs/bench.md. A benchmark, not a test: no figure makes it fail.
import { buildPage } from '../launch/page-build.mjs';
import { createPhases } from '../launch/phases.mjs';
import { root } from '../launch/product.ts';
import { benchCapacity } from './capacity.ts';
import { benchCosts } from './costs.ts';
import { benchWhole } from './whole.ts';

const parts = { whole: benchWhole, capacity: benchCapacity, costs: benchCosts };
type Part = keyof typeof parts;

const asked = process.argv.slice(2);
const unknown = asked.filter((part) => !(part in parts));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no part ${unknown.join(', ')} of the bench; there are ${Object.keys(parts).join(', ')}.\n`,
  );
  process.exit(1);
}
await buildPage(root, process.execPath, createPhases(process.stdout));
for (const part of (asked.length > 0 ? asked : Object.keys(parts)) as Part[]) await parts[part]();
