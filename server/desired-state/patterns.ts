import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { wrongWith } from './bounded-number.ts';
import type { BoundedNumber, PatternOption } from '../contract/patterns.ts';

/** A pattern as it is switched: by one of its options, or one number. */
export interface PatternDefinition {
  id: string;
  title: string;
  place: string;
  summary: string;
  cost: string;
  whenNot: string;
  /** Options of other patterns without which it does nothing, by the id of the pattern. */
  needs: Record<string, string>;
  /** What is chosen where the overlay names none of its components. */
  default: string;
  /** Each but the first, which is the absence of any, is one Kustomize component. Empty where it is a number. */
  options: (PatternOption & { component: string | null; images: string[]; needs: Record<string, string> })[];
  /** Its component takes the number from the ConfigMap `pattern-numbers` of the overlay. */
  number: (BoundedNumber & { component: string }) | null;
}

const text = z.string().min(1);
const name = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'use lower-case letters, digits and dashes');
/** More cannot be told apart on a slider. */
const maxSteps = 1_000;
const boundedNumber = z
  .strictObject({ min: z.number(), max: z.number(), step: z.number().positive(), unit: text, default: z.number() })
  .refine(({ min, max, step }) => max > min && (max - min) / step <= maxSteps, {
    error: `max is to be more than min, and at most ${maxSteps} steps away`,
  })
  .refine((number) => wrongWith(number, String(number.default)) === null, {
    error: 'the default is to be a whole number of steps from min, and within the bounds',
  });
const patternFile = z.strictObject({
  /** Where the page lists it and the overlay names it, among the others. */
  order: z.int(),
  title: text,
  /** An edge (`payments → bank`) or a heading; the page groups by it. */
  place: text,
  why: text,
  cost: text,
  whenNot: text,
  /** Options of other patterns without which it does nothing. */
  needs: z.record(name, name).default({}),
  options: z
    .array(
      z.strictObject({
        ...{ id: name, label: text, summary: text, images: z.array(text).default([]) },
        /** Options of other patterns without which this one does nothing. */
        needs: z.record(name, name).default({}),
      }),
    )
    .min(2)
    .optional(),
  number: boundedNumber.optional(),
});

/** Every pattern there is: one folder each, with `pattern.yaml` and a component for each option but the first, or `number`. */
export const patterns: readonly PatternDefinition[] = readPatterns(
  join(import.meta.dirname, '../../cluster/shop/manifests/patterns'),
);

/** Throws an Error that names the file, and what is wrong in it. */
export function readPatterns(folder: string): PatternDefinition[] {
  const ids = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const read = ids.map(({ name: id }) => readPattern(folder, id));
  for (const { id, needs, options } of read) {
    const all = [needs, ...options.map((each) => each.needs)].flatMap((each) => Object.entries(each));
    for (const [other, option] of all) {
      const known = read.find((pattern) => pattern.id === other)?.options.some((each) => each.id === option);
      if (!known)
        throw new Error(`${join(folder, id, 'pattern.yaml')} is no pattern: there is no ${other}: ${option}.`);
    }
  }
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
  const { why, options = [], number = null, ...rest } = result.data;
  if (options.length > 0 === (number !== null)) throw wrong('it is to have either options or a number');
  const hasComponent = (name: string) => existsSync(join(folder, id, name, 'kustomization.yaml'));
  if (number && !hasComponent('number')) throw wrong(`there is no component ${id}/number`);
  const components = options.map((option, index) => {
    const isThere = hasComponent(option.id);
    if (isThere !== index > 0) {
      throw wrong(
        isThere ? `its first option, ${option.id}, is to be no component` : `there is no component ${id}/${option.id}`,
      );
    }
    return { ...option, component: isThere ? `patterns/${id}/${option.id}` : null };
  });
  return {
    ...{ id, ...rest, summary: why, options: components },
    default: number ? String(number.default) : options[0]!.id,
    number: number && { ...number, component: `patterns/${id}/number` },
  };
}
