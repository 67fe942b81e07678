import type { Pattern } from '../contract/patterns.ts';
import { CodedError } from '../errors.ts';
import { boundsOf, wrongWith } from './bounded-number.ts';
import { patterns, type PatternDefinition } from './patterns.ts';

/** Throws CodedError `unknown-pattern`. */
export function definitionOf(pattern: string): PatternDefinition {
  const found = patterns.find(({ id }) => id === pattern);
  if (!found) throw new CodedError('unknown-pattern', `There is no pattern "${pattern}".`);
  return found;
}

/**
 * What was asked for, as the overlay has it: `35` for `35.0`. Throws CodedError `unknown-option`, or `out-of-range` for what is
 * no value of the number.
 */
export function optionOf({ id, place, options, number }: PatternDefinition, asked: string): string {
  if (number) {
    const wrong = wrongWith(number, asked);
    if (wrong === null) return String(Number(asked));
    const action = `Choose a number ${boundsOf(number)}.`;
    throw new CodedError('out-of-range', `The ${id} of ${place} cannot be "${asked}": it ${wrong}.`, { action });
  }
  if (options.some((option) => option.id === asked)) return asked;
  const known = options.map((option) => option.id).join(', ');
  throw new CodedError('unknown-option', `The pattern "${id}" has no option "${asked}"; it has ${known}.`);
}

/** The Kustomize component that an option is, by its path from the root; null for the absence of any. */
export function componentOf(pattern: PatternDefinition, option: string): string | null {
  if (pattern.number) return option === pattern.default ? null : pattern.number.component;
  return pattern.options.find(({ id }) => id === option)?.component ?? null;
}

/** An option in words: `backoff`, `35 %`. */
export function labelOf({ options, number }: Pick<Pattern, 'options' | 'number'>, option: string): string {
  return number ? `${option} ${number.unit}` : (options.find(({ id }) => id === option)?.label ?? option);
}
