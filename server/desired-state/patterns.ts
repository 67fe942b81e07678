import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { PatternOption } from '../contract/patterns.ts';

/** A pattern as it is switched: each option but the first is one Kustomize component. */
export interface PatternDefinition {
  id: string;
  title: string;
  place: string;
  summary: string;
  cost: string;
  whenNot: string;
  /** The first option is the absence of any component. */
  options: (PatternOption & { component: string | null })[];
}

const text = z.string().min(1);
const name = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'use lower-case letters, digits and dashes');
const patternFile = z.strictObject({
  /** Where the page lists it and the overlay names it, among the others. */
  order: z.int(),
  title: text,
  /** An edge (`payments → bank`) or a heading; the page groups by it. */
  place: text,
  why: text,
  cost: text,
  whenNot: text,
  options: z.array(z.strictObject({ id: name, label: text, summary: text })).min(2),
});

/** Every pattern there is: one folder each, with `pattern.yaml` and a component for each option but the first. */
export const patterns: readonly PatternDefinition[] = readPatterns(
  join(import.meta.dirname, '../../cluster/shop/manifests/patterns'),
);

/** Throws an Error that names the file, and what is wrong in it. */
export function readPatterns(folder: string): PatternDefinition[] {
  const ids = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const read = ids.map(({ name: id }) => readPattern(folder, id));
  return read
    .sort((a, b) => a.order - b.order || a.id.localeCompare(b.id))
    .map(({ order: _order, ...pattern }) => pattern);
}

function readPattern(folder: string, id: string): PatternDefinition & { order: number } {
  const file = join(folder, id, 'pattern.yaml');
  const wrong = (what: string, cause?: unknown) => new Error(`${file} is no pattern: ${what}.`, { cause });
  let value: unknown;
  try {
    value = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw wrong('it cannot be read', cause);
  }
  const result = patternFile.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw wrong(`${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? ''}`);
  }
  const { why, options, ...rest } = result.data;
  const components = options.map((option, index) => {
    const isThere = existsSync(join(folder, id, option.id, 'kustomization.yaml'));
    if (isThere !== index > 0) {
      throw wrong(
        isThere ? `its first option, ${option.id}, is to be no component` : `there is no component ${id}/${option.id}`,
      );
    }
    return { ...option, component: isThere ? `patterns/${id}/${option.id}` : null };
  });
  return { id, ...rest, summary: why, options: components };
}
