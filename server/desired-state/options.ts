import { missingImages } from '../../cluster/client/node-images.ts';
import type { Node } from '../../cluster/client/objects.ts';
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

/** Why a cluster of these nodes cannot have what needs the images; null where it can. */
export function whyUnavailable(images: readonly string[], nodes: readonly Node[]): string | null {
  const missing = missingImages(nodes, images);
  return missing.length === 0 ? null : `This cluster pulls no images, and has none of ${missing.join(' and ')}.`;
}

/** Of the options that a pattern needs, those that are not chosen, in words: `Checkout: events`. */
export function unmet(needs: Record<string, string>, selections: Record<string, string>): string[] {
  return Object.entries(needs).flatMap(([id, option]) => {
    const pattern = definitionOf(id);
    const isChosen = (selections[id] ?? pattern.default) === option;
    return isChosen ? [] : [`${pattern.title}: ${labelOf(pattern, option)}`];
  });
}

/** An option in words: `backoff`, `35 %`. */
export function labelOf({ options, number }: Pick<Pattern, 'options' | 'number'>, option: string): string {
  return number ? `${option} ${number.unit}` : (options.find(({ id }) => id === option)?.label ?? option);
}
