import { isSeq, parseDocument, type Document } from 'yaml';
import { CodedError } from '../errors.ts';
import { patterns } from './patterns.ts';

/** Option per pattern id; every pattern is there. */
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
  const known = new Set(patterns.flatMap(({ options }) => options.map(({ component }) => component)));
  return {
    selections: Object.fromEntries(
      patterns.map(({ id, options }) => {
        const chosen = options.find(({ component }) => component && listed.includes(upToRoot + component));
        return [id, (chosen ?? options[0]!).id];
      }),
    ),
    with(selections) {
      const copy = document.clone() as Document;
      const others = listed.filter((path) => !known.has(path.replace(upToRoot, '')));
      const chosen = patterns.flatMap(({ id, options }) => {
        const component = options.find((option) => option.id === selections[id])?.component;
        return component ? [upToRoot + component] : [];
      });
      const all = [...others, ...chosen];
      if (all.length > 0) copy.set('components', copy.createNode(all));
      else copy.delete('components');
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

/** Before patterns were folders of their own, their components stood under `components/`: a repository from then has such lines. */
function asPattern(path: string): string {
  const moved = path.replace(`${upToRoot}components/`, `${upToRoot}patterns/`);
  return patterns.some(({ options }) => options.some(({ component }) => component && upToRoot + component === moved))
    ? moved
    : path;
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
