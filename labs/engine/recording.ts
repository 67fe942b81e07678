import { factsIn, type Expression, type Language } from './expression.ts';
import type { CheckDefinition } from './lab.ts';
import { keyOf, type Facts, type FactValue } from './vocabulary.ts';

/** What the checks of a step were told at one moment, by the key of the fact. */
export type Sample = Record<string, FactValue | null>;

/** A run of a lab on the real shop, as its checks saw it; in `recording.json` beside lab.yaml. */
export interface Recording {
  /** When it was made: `2026-11-28`. */
  recordedAt: string;
  steps: {
    id: string;
    /** While the step's start state stood, and from its change on until all checks were met. Seconds since the step opened. */
    start: RecordedSample[];
    solution: RecordedSample[];
  }[];
}

export interface RecordedSample {
  at: number;
  facts: Sample;
}

/** Asks every fact that the checks name, whether or not their expressions come to it. */
export function sampleOf(checks: readonly CheckDefinition[], language: Language, facts: Facts): Sample {
  const sample: Sample = {};
  const heard: Facts = {
    ask(fact, args, when) {
      const value = facts.ask(fact, args, when);
      sample[keyOf(fact, args, when)] = typeof value === 'number' ? Number(value.toPrecision(6)) : value;
      return value;
    },
  };
  for (const { holds, detail } of checks) {
    const written = detail?.parts.filter((part): part is Expression => typeof part !== 'string') ?? [];
    for (const { ast } of [holds, ...written]) {
      for (const { fact, args, when } of factsIn(ast)) {
        const own = language.facts.get(fact)?.from;
        if (own) own((name, ...rest) => heard.ask(name, rest, when), ...args);
        else heard.ask(fact, args, when);
      }
    }
  }
  return sample;
}

/** A sample that answers as the shop did. Throws Error for what was not asked then. */
export function recordedFacts(sample: Sample): Facts {
  return {
    ask(fact, args, when) {
      const key = keyOf(fact, args, when);
      const value = sample[key];
      if (value === undefined) throw new Error(`The recording does not hold "${key}": record the lab again.`);
      return value;
    },
  };
}
