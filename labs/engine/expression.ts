import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import type { FactDefinition, Facts, FactValue } from './vocabulary.ts';

/** Larger ones are no checks any more; nobody waits for what they take. */
const limits = { maxAstNodes: 200, maxDepth: 20, maxListElements: 20, maxMapEntries: 20, maxCallArguments: 4 };
const MAX_LENGTH = 1000;

/** A fact that nobody can tell now: there were no calls, or there is no baseline yet. */
export class Unmeasured extends Error {
  readonly code = 'unmeasured';
  readonly fact: FactDefinition;
  readonly args: readonly string[];
  readonly when: 'now' | 'baseline';

  constructor(fact: FactDefinition, args: readonly string[], when: 'now' | 'baseline') {
    super(`${fact.says(...args)} is not measured`);
    this.fact = fact;
    this.args = args;
    this.when = when;
  }
}

/** An expression that means nothing; the message says where and why. */
export class ExpressionError extends Error {
  readonly code = 'bad-expression';
}

export interface Expression {
  source: string;
  ast: ASTNode;
  /** Throws Unmeasured. */
  value(facts: Facts): FactValue;
}

/**
 * CEL over the facts of a vocabulary, and three functions: `baseline(x)` is x as it was while the shop was well, `max(a, b)` the
 * larger one, `number(x)` is x without its unit. Whole numbers and those with a point mix, which CEL alone does not allow.
 */
export class Language {
  readonly facts: ReadonlyMap<string, FactDefinition>;
  readonly #environment: Environment;
  /** Of the evaluation under way, which is synchronous. */
  #asked: Facts | null = null;
  #when: 'now' | 'baseline' = 'now';

  constructor(facts: readonly FactDefinition[]) {
    this.facts = new Map(facts.map((fact) => [fact.name, fact]));
    this.#environment = new Environment({ limits });
    for (const fact of facts) {
      const signature = `${fact.name}(${fact.args.map(() => 'string').join(', ')}): ${fact.type}`;
      this.#environment.registerFunction(signature, (...args: string[]) => this.#ask(fact, args));
    }
    this.#environment.registerFunction('max(dyn, dyn): double', (a, b) => Math.max(Number(a), Number(b)));
    this.#environment.registerFunction('number(dyn): double', Number);
    this.#environment.registerFunction('baseline(ast): dyn', ({ args }: { args: ASTNode[] }) => ({
      inner: args[0],
      typeCheck: (checker: Checker, { inner }: { inner: ASTNode }, context: unknown) => checker.check(inner, context),
      evaluate: (evaluator: Evaluator, { inner }: { inner: ASTNode }, context: unknown) => {
        this.#when = 'baseline';
        try {
          return evaluator.run(inner, context);
        } finally {
          this.#when = 'now';
        }
      },
    }));
    for (const operator of ['+', '-', '*', '/'] as const) {
      for (const types of ['int double', 'double int']) {
        const [left, right] = types.split(' ');
        this.#environment.registerOperator(`${left} ${operator} ${right}`, (a, b) =>
          calculate(operator, Number(a), Number(b)),
        );
      }
    }
    this.#environment.registerOperator('double == int', (a, b) => Number(a) === Number(b));
  }

  /** Throws ExpressionError for one that cannot be read, or whose value is not of the type. */
  compile(source: string, type: 'bool' | 'any'): Expression {
    if (source.length > MAX_LENGTH) throw new ExpressionError(`the expression is longer than ${MAX_LENGTH} characters`);
    try {
      const parsed = this.#environment.parse(source);
      const checked = parsed.check();
      if (!checked.valid) throw new ExpressionError(checked.error?.summary ?? 'its types do not fit');
      if (type === 'bool' && checked.type !== 'bool' && checked.type !== 'dyn')
        throw new ExpressionError(`"${source}" is a ${checked.type}, not something that holds or does not`);
      return { source, ast: parsed.ast, value: (facts) => this.#evaluate(parsed, facts) };
    } catch (error) {
      if (error instanceof ExpressionError) throw error;
      throw new ExpressionError(firstLine(error), { cause: error });
    }
  }

  #evaluate(parsed: () => unknown, facts: Facts): FactValue {
    this.#asked = facts;
    this.#when = 'now';
    try {
      const value = parsed();
      return typeof value === 'bigint' ? Number(value) : (value as FactValue);
    } finally {
      this.#asked = null;
    }
  }

  #ask(fact: FactDefinition, args: readonly string[]): FactValue {
    const [facts, when] = [this.#asked!, this.#when];
    const value = fact.from
      ? fact.from((name, ...rest) => facts.ask(name, rest, when), ...args)
      : facts.ask(fact.name, args, when);
    if (value === null) throw new Unmeasured(fact, args, when);
    return value;
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}

interface Checker {
  check(node: ASTNode, context: unknown): unknown;
}
interface Evaluator {
  run(node: ASTNode, context: unknown): unknown;
}

function calculate(operator: '+' | '-' | '*' | '/', a: number, b: number): number {
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  return operator === '*' ? a * b : a / b;
}

/** A fact that the expression may ask, with the arguments that stand in it. */
export interface Asked {
  fact: string;
  args: string[];
  when: 'now' | 'baseline';
}

/** Every fact in it, asked or not. */
export function factsIn(node: ASTNode, when: Asked['when'] = 'now'): Asked[] {
  if (node.op === 'call') {
    const [name, args] = node.args;
    if (name === 'baseline') return args.flatMap((arg) => factsIn(arg, 'baseline'));
    if (name === 'max' || name === 'number') return args.flatMap((arg) => factsIn(arg, when));
    return [{ fact: name, args: args.map((arg) => String(arg.op === 'value' ? arg.args : '')), when }];
  }
  const inside: unknown[] = Array.isArray(node.args) ? node.args.flat() : [node.args];
  return inside.flatMap((part) => (isNode(part) ? factsIn(part, when) : []));
}

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part;
}
