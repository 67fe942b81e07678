import type * as Covertable from 'covertable';
import { createRequire } from 'node:module';

// Its one file is CommonJS that Node cannot read the names of.
const { make } = createRequire(import.meta.url)('covertable') as typeof Covertable;

/**
 * Rows of one option each, so that any two options of different lists are together in some row: a few rows in place of every
 * combination.
 */
export function pairwise<T extends string>(lists: readonly (readonly T[])[]): T[][] {
  return make(lists.map((options) => [...options])) as T[][];
}
