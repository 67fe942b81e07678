import type { Pattern } from '../../server/contract/patterns.ts';
import { hasWords } from '../ui/words.ts';
import { optionLabel } from './option-label.ts';

export interface PatternGroup {
  title: string;
  patterns: Pattern[];
}

export interface Wanted {
  /** What is selected in the topology: a service's name, an edge's id, or nothing. */
  selection: string;
  /** Ids of the patterns that this lab is about; none outside of one. */
  ofLab: readonly string[];
  /** What they have to say of themselves. */
  words: string;
}

/** Patterns as they are listed: those of the selection first, then those of the lab, the others by place; each once. */
export function arrange(patterns: readonly Pattern[], { selection, ofLab, words }: Wanted): PatternGroup[] {
  const found = patterns.filter((pattern) => hasWords(wordsOf(pattern), words));
  const here = ofSelection(found, selection);
  const inLab = ofLab.flatMap((id) => found.find((pattern) => pattern.id === id && !here.includes(pattern)) ?? []);
  const others = found.filter((pattern) => !here.includes(pattern) && !inLab.includes(pattern));
  return [
    { title: `At ${selection.replace('>', ' → ')}`, patterns: here },
    { title: 'In this lab', patterns: inLab },
    ...groupByPlace(others),
  ].filter((group) => group.patterns.length > 0);
}

function wordsOf(pattern: Pattern): string {
  const { title, place, summary, options } = pattern;
  return [title, place, summary, ...options.map(({ id }) => optionLabel(pattern, id))].join(' ');
}

/** Of an edge its own, then those at its two ends; of a service its own, then those of its edges. */
function ofSelection(patterns: readonly Pattern[], selection: string): Pattern[] {
  if (selection === '') return [];
  const parts = selection.split('>');
  const own = parts.join(' → ');
  const isOwn = ({ place }: Pattern) => place.split(', ').includes(own);
  const isNear = ({ place }: Pattern) => {
    if (parts.length > 1) return place.split(', ').some((each) => parts.includes(each));
    return place.split(/, | → /).includes(selection);
  };
  return [...patterns.filter(isOwn), ...patterns.filter((pattern) => !isOwn(pattern) && isNear(pattern))];
}

/** Patterns by the place they act at, in the order the server lists them. */
function groupByPlace(patterns: readonly Pattern[]): PatternGroup[] {
  const groups = new Map<string, Pattern[]>();
  for (const pattern of patterns) groups.set(pattern.place, [...(groups.get(pattern.place) ?? []), pattern]);
  return [...groups].map(([title, members]) => ({ title, patterns: members }));
}

/** Two options of which the first is called off: an on/off switch. */
export function isSwitch(pattern: Pattern): boolean {
  return pattern.options.length === 2 && pattern.options[0]?.id === 'off';
}
