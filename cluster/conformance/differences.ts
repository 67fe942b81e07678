import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { cases } from './cases/index.ts';

const table = z.array(z.strictObject({ case: z.string(), cluster: z.enum(['embedded', 'real']), reason: z.string() }));

/** Where a cluster is known to differ: name of the case -> why. Throws when the table names a case that there is not. */
export function differences(cluster: 'embedded' | 'real'): Map<string, string> {
  const rows = table.parse(parse(readFileSync(new URL('./differences.yaml', import.meta.url), 'utf8')) ?? []);
  const names = new Set(cases.map(({ name }) => name));
  const unknown = rows.find((row) => !names.has(row.case));
  if (unknown) throw new Error(`differences.yaml names a case that does not exist: ${unknown.case}`);
  return new Map(rows.filter((row) => row.cluster === cluster).map((row) => [row.case, row.reason]));
}
