import { isSeq, parseDocument, type Document } from 'yaml';
import { CodedError } from '../errors.ts';
import { boundsOf, wrongWith } from './bounded-number.ts';
import { componentOf } from './options.ts';
import { numbersOf, setNumbers } from './overlay-numbers.ts';
import { patterns, type PatternDefinition } from './patterns.ts';

/** Option, or number as text, per pattern id; every pattern is there. */
export type Selections = Record<string, string>;

/** Paths in `components` are relative to the overlay's folder, overlays/<name>. */
const upToRoot = '../../';

/** The kustomization of an overlay: the one file that a switch edits. */
export interface Overlay {
  selections: Selections;
  /** The file with other selections; comments and all other fields stay as they are. */
  with(selections: Selections): string;
}

/** Throws CodedError `desired-state-broken` when the text, which is that of `file`, cannot be understood. */
export function parseOverlay(text: string | null, file: string): Overlay {
  if (text === null) throw broken(file, 'it is not there');
  const document = parseDocument(text);
  if (document.errors[0]) throw broken(file, document.errors[0].message.split('\n')[0] ?? '', document.errors[0]);
  const listed = components(document, file).map(asPattern);
  const numbers = numbersOf(document);
  return {
    selections: Object.fromEntries(
      patterns.map((pattern) => {
        const { id, number, options } = pattern;
        if (number) return [id, numberOf(pattern, listed, numbers.get(id), file) ?? pattern.default];
        const chosen = options.find(({ component }) => component && listed.includes(upToRoot + component));
        return [id, chosen?.id ?? pattern.default];
      }),
    ),
    with(selections) {
      const copy = document.clone() as Document;
      const others = listed.filter((path) => !patterns.some((pattern) => isOf(pattern, path)));
      const chosen = patterns.flatMap((pattern) => {
        const option = selections[pattern.id] ?? pattern.default;
        const component = componentOf(pattern, option);
        return component ? [{ pattern, option, path: upToRoot + component }] : [];
      });
      const all = [...others, ...chosen.map(({ path }) => path)];
      if (all.length > 0) copy.set('components', copy.createNode(all));
      else copy.delete('components');
      const numbered = chosen.filter(({ pattern }) => pattern.number);
      setNumbers(copy, new Map(numbered.map(({ pattern: { id }, option }) => [id, option])));
      return copy.toString();
    },
  };
}

/**
 * The text `ours` with the options that differ between `base` and `theirs`, where it has not chosen otherwise itself. Throws
 * CodedError `desired-state-broken` when one of the three cannot be understood.
 */
export function mergedOverlay(
  file: string,
  { base, theirs, ours }: Record<'base' | 'theirs' | 'ours', string | null>,
): string {
  const [before, after, now] = [base, theirs, ours].map((text) => parseOverlay(text, file));
  const merged = Object.entries(now!.selections).map(([pattern, option]) => {
    return [pattern, option === before!.selections[pattern] ? after!.selections[pattern]! : option];
  });
  return now!.with(Object.fromEntries(merged));
}

/** The number that a pattern has in the overlay; null where it has none. */
function numberOf(pattern: PatternDefinition, listed: string[], text: string | undefined, file: string): string | null {
  const { id, number } = pattern;
  if (!number) return null;
  if (!listed.includes(upToRoot + number.component))
    return listed.map((path) => formerly(pattern, path)).find(Boolean) ?? null;
  const wrong = text === undefined ? 'is not there' : wrongWith(number, text);
  if (wrong === null) return String(Number(text));
  const where = `${id}=${text ?? ''} among the literals of pattern-numbers`;
  throw broken(file, `${where} ${wrong}; write a number ${boundsOf(number)}`);
}

/** The number that a component was of which the pattern had one for each: a repository from then has it. */
function formerly({ id, number }: PatternDefinition, path: string): string | null {
  const option = path.startsWith(`${upToRoot}patterns/${id}/`) ? path.slice(`${upToRoot}patterns/${id}/`.length) : '';
  return number && wrongWith(number, option) === null ? String(Number(option)) : null;
}

function isOf(pattern: PatternDefinition, path: string): boolean {
  const components = pattern.number
    ? [pattern.number.component]
    : pattern.options.flatMap(({ component }) => component ?? []);
  return components.some((component) => path === upToRoot + component) || formerly(pattern, path) !== null;
}

/** Before patterns were folders of their own, their components stood under `components/`: a repository from then has such lines. */
function asPattern(path: string): string {
  const moved = path.replace(`${upToRoot}components/`, `${upToRoot}patterns/`);
  return patterns.some((pattern) => isOf(pattern, moved)) ? moved : path;
}

function components(document: Document, file: string): string[] {
  const node = document.get('components');
  if (node === undefined || node === null) return [];
  const list: unknown = isSeq(node) ? node.toJSON() : null;
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  throw broken(file, '`components` is not a list of paths');
}

function broken(file: string, reason: string, cause?: unknown): CodedError {
  return new CodedError('desired-state-broken', `The desired state is broken in ${file}: ${reason}.`, { cause });
}
