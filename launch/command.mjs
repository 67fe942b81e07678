// @ts-check
import { parseArgs } from 'node:util';
import { LaunchError } from './launch-error.mjs';

/** More would share two processors so far that no pod fits. */
const MOST_NODES = 16;

/** What `npm run cluster -- --help` prints. */
export const CLUSTER_HELP = `npm run cluster -- [--nodes N]

Starts the embedded Kubernetes alone, without shop, page and database, and stays until Ctrl-C.

  --nodes N   nodes, from 1 to ${MOST_NODES} (3); they share the processors and the memory of this machine
  --help      this

BREAKWATER_HOME=<folder>     where it keeps its state (.breakwater); clusters with folders of their own run side by side
BREAKWATER_ANY_PROGRAM=yes   permits the image "node", whose program stands in a manifest
`;

/**
 * @typedef {object} Command
 * @property {'lab' | 'cluster'} what the whole of Breakwater, or only its cluster
 * @property {number | null} nodes null for as many as there are by default
 * @property {boolean} help whether to explain it rather than do it
 */

/**
 * What the arguments of launch/start.mjs ask for.
 *
 * @param {string[]} args
 * @returns {Command}
 * @throws {LaunchError} `bad-argument`
 */
export function readCommand([what, ...args]) {
  if (what === undefined) return { what: 'lab', nodes: null, help: false };
  const refuse = (/** @type {string} */ why) =>
    new LaunchError('bad-argument', why, 'Run "npm run cluster -- --help" to see what there is.');
  if (what !== 'cluster') throw refuse(`There is no argument "${what}".`);
  try {
    const options = /** @type {const} */ ({ nodes: { type: 'string' }, help: { type: 'boolean', short: 'h' } });
    const { nodes, help = false } = parseArgs({ args, options }).values;
    return { what, nodes: nodes === undefined ? null : nodeCount(nodes), help };
  } catch (cause) {
    throw refuse(/** @type {Error} */ (cause).message);
  }
}

/** @param {string} text */
function nodeCount(text) {
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_NODES) return Number(text);
  throw new Error(`--nodes is "${text}", which is not a whole number from 1 to ${MOST_NODES}.`);
}
