import { LineCounter, parseDocument } from 'yaml';
import { factsIn, Language, type Asked, type Expression } from './expression.ts';
import { labFileSchema, type LabFile, type StepFile } from './format.ts';
import type { Answers, CheckDefinition, LabDefinition, LabState, StepDefinition } from './lab.ts';
import { LabError, type LabProblem } from './problem.ts';
import { actsOf, after } from './states.ts';
import { compileTemplate, type Template } from './template.ts';
import { keyOf, vocabulary, type FactDefinition } from './vocabulary.ts';
import { titleOf, unitOf } from './words.ts';

type Path = (string | number)[];
const file = 'lab.yaml';

/**
 * Reads the text of a lab.yaml. Throws LabError with all that is wrong in it, each with its line.
 *
 * @param own facts of the lab's own, beside the vocabulary
 */
export function readLab(id: string, text: string, own: readonly FactDefinition[] = []): LabDefinition {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new LabError(
      id,
      document.errors.map(({ message, pos }) => ({
        file,
        line: lines.linePos(pos[0]).line,
        message: message.split('\n')[0]!,
      })),
    );
  }
  /** Of what stands at the path, or the nearest thing around it. */
  const lineOf = (path: Path): number => {
    const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
    return path.length === 0 ? 1 : lineOf(path.slice(0, -1));
  };
  const read = labFileSchema.safeParse(document.toJS({ maxAliasCount: 20 }));
  if (!read.success) {
    throw new LabError(
      id,
      read.error.issues.map(({ path, message }) => {
        return { file, line: lineOf(path as Path), message: `${path.join('.') || 'the file'}: ${message}` };
      }),
    );
  }
  const reader = new Reader(read.data, new Language([...vocabulary, ...own]), lineOf);
  const lab = reader.lab(id);
  if (reader.problems.length > 0) throw new LabError(id, reader.problems);
  return lab;
}

/** Goes through the whole file although something in it is wrong, so that an author sees all of it at once. */
class Reader {
  readonly problems: LabProblem[] = [];
  readonly #file: LabFile;
  readonly #language: Language;
  readonly #lineOf: (path: Path) => number;
  readonly #baselineFacts = new Map<string, Asked>();

  constructor(file: LabFile, language: Language, lineOf: (path: Path) => number) {
    this.#file = file;
    this.#language = language;
    this.#lineOf = lineOf;
  }

  lab(id: string): LabDefinition {
    const { title, goal, minutes, level, baseline, recap } = this.#file;
    const when = this.#expression(baseline.expr, ['baseline', 'expr'], 'bool');
    const conditions = <T extends { when: string }>(list: T[], name: string) =>
      list.map((each, i) => ({ ...each, when: this.#expression(each.when, ['recap', name, i, 'when'], 'bool') }));
    const figures = recap.figures.map(({ title, most }, i) => {
      const expression = this.#expression(most, ['recap', 'figures', i, 'most'], 'any');
      return { title, most: expression, unit: unitOf(expression.ast, this.#language) ?? 'count' };
    });
    return {
      ...{ id, number: Number.parseInt(id, 10), title, goal, minutes, level, language: this.#language },
      steps: this.#steps(),
      recap: { ...recap, rows: conditions(recap.rows, 'rows'), figures, moments: conditions(recap.moments, 'moments') },
      baseline: { when, forSeconds: baseline.for / 1000, facts: [...this.#baselineFacts.values()] },
    };
  }

  #steps(): StepDefinition[] {
    const { start, steps } = this.#file;
    let state: LabState = { ...start, faults: [] };
    const checkIds = new Set<string>();
    return steps.map((step, i) => {
      const before = state;
      state = this.#attempt(() => after(before, step.change), ['steps', i, 'change']) ?? before;
      if (steps.findIndex((each) => each.id === step.id) < i)
        this.#problem(['steps', i, 'id'], `a step before has the id ${step.id}`);
      const checks = step.checks.map((check, at) => this.#check(step, at, ['steps', i, 'checks', at], check));
      for (const [at, check] of checks.entries()) {
        if (checkIds.has(check.id)) this.#problem(['steps', i, 'checks', at], `a check before has the id ${check.id}`);
        checkIds.add(check.id);
      }
      return {
        line: this.#lineOf(['steps', i, 'change']),
        ...{ id: step.id, title: step.title, hints: step.hints, start: before, solution: state, checks },
        acts: actsOf(step.change),
        prediction: this.#prediction(step, i),
        questions: step.asks.map(({ id, ask, answers, truth, why }, at) => {
          const right = [truth].flat();
          this.#answers(answers, right, why, ['steps', i, 'asks', at]);
          return { id, question: ask, answers: listed(answers), truth: right, why: whys(answers, why) };
        }),
      };
    });
  }

  #check(step: StepFile, at: number, path: Path, check: StepFile['checks'][number]): CheckDefinition {
    const holds = this.#expression(check.expr, [...path, 'expr'], 'bool');
    for (const { fact, args } of factsIn(holds.ast)) {
      if (fact !== 'answered' || step.asks.some(({ id }) => id === args[0])) continue;
      this.#problem([...path, 'expr'], `the step asks no question "${args[0]}"; write it under asks`);
    }
    const forSeconds = check.for / 1000;
    const held = forSeconds > 0 ? `, for ${forSeconds} s` : '';
    const title = check.title ?? `${this.#attempt(() => titleOf(holds, this.#language), path) ?? check.expr}${held}`;
    if (check.title !== undefined) this.#figuresOf(check.title, `${check.expr} ${forSeconds}`, [...path, 'title']);
    const detail = check.detail === undefined ? null : this.#template(check.detail, [...path, 'detail']);
    return { id: check.id ?? `${step.id}-${at + 1}`, title, holds, forSeconds, detail };
  }

  /** A title must not promise other figures than those that are tested. */
  #figuresOf(title: string, tested: string, path: Path): void {
    const known = (tested.match(/\d+(\.\d+)?/g) ?? []).map(Number);
    for (const written of title.match(/\d+(\.\d+)?/g) ?? []) {
      const value = Number(written);
      if (known.some((number) => [number, number / 1000, number * 100].some((same) => Math.abs(same - value) < 1e-9)))
        continue;
      this.#problem(
        path,
        `the title says ${written}, which the expression does not test; leave the title out, or let it say what is tested`,
      );
    }
  }

  #prediction({ predict }: StepFile, i: number): StepDefinition['prediction'] {
    if (!predict) return null;
    const { ask, answers, truth, why, measured } = predict;
    const path = ['steps', i, 'predict'];
    this.#answers(answers, typeof truth === 'string' ? [truth] : [], why, path);
    if (typeof truth !== 'string' && this.#language.facts.get(truth.first)?.type !== 'double')
      this.#problem([...path, 'truth'], `there is no figure "${truth.first}" in the vocabulary`);
    return {
      ...{ question: ask, answers: listed(answers), truth, why: whys(answers, why) },
      measured: this.#template(measured, [...path, 'measured']),
    };
  }

  #answers(answers: AnswersFile, truth: string[], why: Record<string, string>, path: Path): void {
    if (answers === 'service') {
      if (why['other'] === undefined)
        this.#problem([...path, 'answers'], 'say under why what to tell of any other service: {other: ...}');
      return;
    }
    for (const right of truth) {
      if (!answers.some(({ id }) => id === right)) this.#problem([...path, 'truth'], `there is no answer "${right}"`);
    }
  }

  #expression(source: string, path: Path, type: 'bool' | 'any'): Expression {
    const expression = this.#attempt(() => this.#language.compile(source, type), path);
    if (!expression) return this.#language.compile('true', 'bool');
    for (const asked of factsIn(expression.ast)) if (asked.when === 'baseline') this.#keep(asked);
    return expression;
  }

  #template(text: string, path: Path): Template {
    const template = this.#attempt(() => compileTemplate(text, this.#language), path) ?? { parts: [] };
    const asked = template.parts.flatMap((part) => (typeof part === 'string' ? [] : factsIn(part.ast)));
    for (const each of asked) if (each.when === 'baseline') this.#keep(each);
    return template;
  }

  #keep(asked: Asked): void {
    this.#baselineFacts.set(keyOf(asked.fact, asked.args, 'now'), asked);
  }

  #attempt<T>(work: () => T, path: Path): T | null {
    try {
      return work();
    } catch (error) {
      this.#problem(path, error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  #problem(path: Path, message: string): void {
    this.problems.push({ file, line: this.#lineOf(path), message: `${path.join('.')}: ${message}` });
  }
}

type AnswersFile = 'service' | { id: string; label: string; why: string }[];

function listed(answers: AnswersFile): Answers {
  return answers === 'service' ? null : answers.map(({ id, label }) => ({ id, label }));
}

function whys(answers: AnswersFile, why: Record<string, string>): Record<string, string> {
  return answers === 'service' ? why : Object.fromEntries(answers.map(({ id, why }) => [id, why]));
}
