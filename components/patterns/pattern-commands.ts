import type { Pattern } from '../../server/contract/patterns.ts';
import type { Command } from '../commands/command.ts';
import { attempt } from '../state/action.ts';
import { optionLabel } from './option-label.ts';
import { switchPattern } from './switch-pattern.ts';

/**
 * The switch to each option that is not chosen and can be; of a number the one that stands in `search`, else its default:
 * `breaker 35` offers `Breaker threshold: 35 %`.
 */
export function patternCommands(patterns: readonly Pattern[], search: string): Command[] {
  return patterns.flatMap((pattern) =>
    choices(pattern, search)
      .filter((option) => option !== pattern.selected)
      .map((option) => ({
        id: `pattern-${pattern.id}-${option}`,
        label: `${pattern.title}: ${optionLabel(pattern, option)}`,
        group: 'Patterns',
        words: [pattern.place, 'pattern switch set'],
        run: () => void attempt(() => switchPattern(pattern.id, option)),
      })),
  );
}

function choices({ options, number }: Pattern, search: string): string[] {
  if (!number) return options.filter(({ unavailable }) => unavailable === undefined).map(({ id }) => id);
  const { min, max, step } = number;
  const wanted = Number(/\d+(?:\.\d+)?/.exec(search)?.[0] ?? number.default);
  const isPossible = wanted >= min && wanted <= max && Number.isInteger((wanted - min) / step);
  return isPossible ? [String(wanted)] : [];
}
