import { format, median } from './figure.ts';

/** One window of the shop under load. */
export interface Measured {
  /** CPU time of the shop by orders placed. */
  cpuMsPerOrder: number;
  /** ms that half of the customers' requests took; the middle of the seconds'. */
  p50: number;
  megabytes: number;
}

/** An option of a pattern against the same shop without it. */
export interface Cost {
  /** `Retries: backoff`. */
  what: string;
  /** Options of other patterns that both sides have, in words; empty for the shop as it is by default. */
  given: string;
  without: Measured[];
  with: Measured[];
  /** ms from asking for it to every pod running with it. */
  switchedMs: number;
}

/** Baseline → with it, and the difference. */
export function costTable(costs: Cost[]): string {
  const rows = costs.map((cost) => {
    const { what, given, switchedMs } = cost;
    const cells = (['cpuMsPerOrder', 'p50', 'megabytes'] as const).map((measure) => change(cost, measure));
    const name = given ? `${what} (with ${given})` : what;
    return `| ${[name, ...cells, `${format(switchedMs)} ms`, cost.with.length].join(' | ')} |`;
  });
  return [
    '| pattern | CPU ms per order | p50, ms | memory, MB (PSS) | switched | runs |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function change(cost: Cost, measure: keyof Measured): string {
  const [without, withIt] = [cost.without, cost.with].map((windows) => median(windows.map((each) => each[measure])));
  const difference = withIt! - without!;
  return `${format(without!)} → ${format(withIt!)} (${difference < 0 ? '−' : '+'}${format(Math.abs(difference))})`;
}
