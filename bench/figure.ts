/** One thing measured several times. */
export interface Figure {
  what: string;
  unit: string;
  values: number[];
  /** What we want it to be, in words: told beside it, never enforced. */
  wanted?: string;
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** A row of the Markdown table: what, median, smallest to largest, number of runs, wanted. */
export function row({ what, unit, values, wanted = '' }: Figure): string {
  const spread = `${format(Math.min(...values))} to ${format(Math.max(...values))}`;
  return `| ${what} | ${format(median(values))} ${unit} | ${spread} | ${values.length} | ${wanted} |`;
}

/** Three digits that count, with thin groups of thousands. */
export function format(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+$)/g, ' ');
}
