import type { Pattern } from '../../server/contract/patterns.ts';

/** An option in words: `backoff`, `35 %`. */
export function optionLabel({ options, number }: Pick<Pattern, 'options' | 'number'>, option: string): string {
  return number ? `${option} ${number.unit}` : (options.find(({ id }) => id === option)?.label ?? option);
}

/** One that could be chosen instead: of a number its default, or the bound that is further off. */
export function anotherOption({ options, number, selected, default: usual }: Pattern): string {
  if (!number) return options.find(({ id }) => id !== selected)?.id ?? selected;
  if (selected !== usual) return usual;
  const { min, max } = number;
  return String(Number(selected) - min < max - Number(selected) ? max : min);
}
