// @ts-check
// `npm test`: everything from a fresh clone on. `npm test -- unit e2e` runs only the stages named.
import { fileURLToPath } from 'node:url';
import { describeFailure, LaunchError } from './launch-error.mjs';
import { installPackages } from './packages.mjs';
import { createPhases } from './phases.mjs';
import { pinnedNode } from './pinned-node.mjs';
import { add, stages } from './stages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const phases = createPhases(process.stdout);
const print = phases.line;

/** @type {import('./stages.mjs').Counts} */
let total = { passed: 0, failed: 0, skipped: 0 };
try {
  const chosen = choose(process.argv.slice(2));
  await installPackages(root, phases);
  const node = pinnedNode(root);
  for (const stage of chosen) {
    const since = performance.now();
    print(`\n${stage.title}`);
    const counts = await stage.run({ root, node: node.path, phases, print }).catch((error) => {
      print(`  ✗ ${describeFailure(error)}`);
      return { passed: 0, failed: 1, skipped: 0 };
    });
    total = add(total, counts);
    print(`${stage.title}: ${describeCounts(counts)} in ${((performance.now() - since) / 1000).toFixed(1)} s`);
  }
} catch (error) {
  print(`✗ ${describeFailure(error)}`);
  total.failed += 1;
}
print(`\n${describeCounts(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** @param {string[]} names none means all */
function choose(names) {
  const known = stages.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown)
    throw new LaunchError('unknown-stage', `There is no test stage "${unknown}".`, `There are: ${known.join(', ')}.`);
  return names.length === 0 ? stages : stages.filter(({ name }) => names.includes(name));
}

/** @param {import('./stages.mjs').Counts} counts */
function describeCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}
