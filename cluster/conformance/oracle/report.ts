import type { Verdict } from './compare.ts';

/** What a verdict says, line by line; nothing where both clusters answer alike but for what the table explains. */
export function report({ unknown, settled }: Verdict): string[] {
  const text = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
  const lines = unknown.map(
    ({ request, at, real, embedded }) =>
      `${request}\n    ${at}\n      real:     ${text(real)}\n      embedded: ${text(embedded)}`,
  );
  const rows = settled.map(({ request, at }) => `differs no more; take it off differences.yaml: ${request}, ${at}`);
  return [...lines, ...rows];
}
