import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Json } from '../api.ts';
import type { NormalAnswer } from './normalise.ts';
import type { Answers } from './replay.ts';

/** One place where two answers differ. */
export interface Difference {
  /** `scenario/step` */
  request: string;
  /** `body.spec.ports[http].port`, ...; `outcome` where it is code or reason that differs */
  at: string;
  real: unknown;
  embedded: unknown;
}

/** A known difference; `*` in `request` and `at` stands for anything. */
export interface KnownDifference {
  request: string;
  at: string;
  reason: string;
}

const table = z.array(z.strictObject({ request: z.string(), at: z.string(), reason: z.string() }));

/** differences.yaml. Throws what is wrong with it. */
export function knownDifferences(): KnownDifference[] {
  return table.parse(parse(readFileSync(new URL('./differences.yaml', import.meta.url), 'utf8')) ?? []);
}

export interface Verdict {
  /** What is in no row of the table. */
  unknown: Difference[];
  /** Rows that say of nothing any more that it differs. */
  settled: KnownDifference[];
  /** How many differences the table explains. */
  explained: number;
}

export function judge(real: Answers, embedded: Answers, known: KnownDifference[]): Verdict {
  const all = [...real].flatMap(([request, answer]) =>
    betweenAnswers(answer, embedded.get(request)).map((found) => ({ request, ...found })),
  );
  const rows = known.map((row) => ({ row, request: glob(row.request), at: glob(row.at), used: false }));
  const unknown = all.filter((difference) => {
    const matching = rows.filter(({ request, at }) => request.test(difference.request) && at.test(difference.at));
    for (const row of matching) row.used = true;
    return matching.length === 0;
  });
  const settled = rows.filter(({ used }) => !used).map(({ row }) => row);
  return { unknown, settled, explained: all.length - unknown.length };
}

function glob(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\*', '.*')}$`, 's');
}

/** Where one is refused and the other not, or both for another reason, nothing else of them is worth comparing. */
function betweenAnswers(real: NormalAnswer, embedded: NormalAnswer | undefined): Omit<Difference, 'request'>[] {
  const outcome = ({ code, body }: NormalAnswer) => (body?.reason ? `${code} ${body.reason}` : String(code));
  const text = (answer: NormalAnswer) =>
    [outcome(answer), ...(answer.body?.message ? [answer.body.message] : [])].join(': ');
  if (!embedded || outcome(real) !== outcome(embedded)) {
    return [{ at: 'outcome', real: text(real), embedded: embedded && text(embedded) }];
  }
  return differencesOf(real, embedded, '');
}

function differencesOf(real: Json, embedded: Json, at: string): Omit<Difference, 'request'>[] {
  if (isDeepStrictEqual(real, embedded)) return [];
  if (isMap(real) && isMap(embedded) && real.kind === embedded.kind) {
    const fields = [...new Set([...Object.keys(real), ...Object.keys(embedded)])];
    return fields.flatMap((field) => differencesOf(real[field], embedded[field], at ? `${at}.${field}` : field));
  }
  const key = keyOf(real, embedded);
  if (!key) return [{ at, real, embedded }];
  const [ours, theirs] = [embedded, real].map(
    (list) => new Map<string, Json>(list.map((item: Json) => [key(item), item])),
  );
  const keys = [...new Set([...theirs!.keys(), ...ours!.keys()])];
  const found = keys.flatMap((name) => differencesOf(theirs!.get(name), ours!.get(name), `${at}[${name}]`));
  return found.length > 0 ? found : [{ at: `${at}[order]`, real: [...theirs!.keys()], embedded: [...ours!.keys()] }];
}

function isMap(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What tells the items of both lists apart; undefined where nothing does. */
function keyOf(...lists: Json[]): ((item: Json) => string) | undefined {
  if (!lists.every((list) => Array.isArray(list) && list.every(isMap))) return undefined;
  const keys = [
    ({ manager, operation, subresource }: Json) =>
      manager && `${manager} ${operation}${subresource ? ` ${subresource}` : ''}`,
    ({ field, reason }: Json) => field && `${field} ${reason}`,
    ...['name', 'type', 'key', 'groupVersion', 'version', 'resource'].map((field) => (item: Json) => item[field]),
    ({ metadata }: Json) => metadata?.name,
  ];
  return keys.find((key) => lists.every((list) => list.every(key) && new Set(list.map(key)).size === list.length));
}
