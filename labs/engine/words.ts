import type { ASTNode } from '@marcbachmann/cel-js';
import { Unmeasured, type Expression, type Language } from './expression.ts';
import { figure, type Unit } from './figures.ts';
import type { Facts, FactValue } from './vocabulary.ts';

/** The title of a check, from its expression: `p95 of customers over 1 s`. What it says is what the expression tests. */
export function titleOf({ ast }: Expression, language: Language): string {
  const said = say(ast, language);
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** The live values in an expression, for its detail: `1.3 s now, limit 36 ms`. */
export function detailOf(expression: Expression, language: Language, facts: Facts): string {
  const parts = comparisons(expression.ast).map((node) => measured(node, language, facts));
  return [...new Set(parts.filter((part) => part !== ''))].join('; ');
}

/** The value of an expression as it stands in a text: `1.3 s`; a dash while it is not measured. */
export function valueOf(expression: Expression, language: Language, facts: Facts): string {
  return written(expression.ast, () => expression.value(facts), language);
}

const verbs: Record<string, string> = {
  '>': 'over',
  '>=': 'at least',
  '<': 'under',
  '<=': 'at most',
  '==': 'is',
  '!=': 'is not',
};

function say(node: ASTNode, language: Language): string {
  if (node.op === '&&') return node.args.map((part) => say(part, language)).join(', and ');
  if (node.op === '||') return node.args.map((part) => say(part, language)).join(', or ');
  if (node.op === '!_') return `not: ${say(node.args, language)}`;
  const verb = verbs[node.op];
  if (verb === undefined) return term(node, language, null);
  const [left, right] = node.args as [ASTNode, ASTNode];
  const unit = unitOf(left, language) ?? unitOf(right, language);
  return `${term(left, language, unit)} ${verb} ${term(right, language, unit)}`;
}

function term(node: ASTNode, language: Language, unit: Unit | null): string {
  if (node.op === 'value') {
    const literal = typeof node.args === 'bigint' ? Number(node.args) : node.args;
    return typeof literal === 'number' ? figure(literal, unit ?? 'count') : String(literal);
  }
  if (node.op === 'call') {
    const [name, args] = node.args;
    if (name === 'number') return term(args[0]!, language, null);
    if (name === 'baseline') return `${term(args[0]!, language, unit)} at the baseline`;
    if (name === 'max') return `the larger of ${args.map((arg) => term(arg, language, unit)).join(' and ')}`;
    const literals = args.map((arg) => String(arg.op === 'value' ? arg.args : '…'));
    return language.facts.get(name)!.says(...literals);
  }
  const [left, right] = node.args as [ASTNode, ASTNode];
  const signs: Record<string, string> = { '*': '×', '/': '÷', '+': '+', '-': '−' };
  const factor = node.op === '*' || node.op === '/';
  const of = (part: ASTNode) => term(part, language, factor && part.op === 'value' ? null : unit);
  return `${of(left)} ${signs[node.op] ?? node.op} ${of(right)}`;
}

/** Of a measured value, or a multiple of one. */
export function unitOf(node: ASTNode, language: Language): Unit | null {
  if (node.op === 'call') {
    const [name, args] = node.args;
    if (name === 'number') return 'count';
    if (name === 'baseline' || name === 'max')
      return args.map((arg) => unitOf(arg, language)).find((unit) => unit !== null) ?? null;
    return language.facts.get(name)?.unit ?? null;
  }
  if (!['*', '+', '-', '/'].includes(node.op)) return null;
  const [left, right] = (node.args as [ASTNode, ASTNode]).map((part) => unitOf(part, language));
  if (node.op === '/' && left && right) return 'count'; // so many times as much
  return left ?? right ?? null;
}

function comparisons(node: ASTNode): ASTNode[] {
  if (node.op === '&&' || node.op === '||') return node.args.flatMap(comparisons);
  return node.op === '!_' ? comparisons(node.args) : [node];
}

function measured(node: ASTNode, language: Language, facts: Facts): string {
  if (verbs[node.op] === undefined) {
    const holds = attempt(() => source(node, language).value(facts));
    return holds === true ? 'yes' : 'not yet';
  }
  const [left, right] = node.args as [ASTNode, ASTNode];
  const now = written(left, () => source(left, language).value(facts), language);
  if (right.op === 'value') return `${now} now`;
  return `${now} now, limit ${written(right, () => source(right, language).value(facts), language)}`;
}

function written(node: ASTNode, value: () => FactValue, language: Language): string {
  const known = attempt(value);
  if (known === null) return '–';
  return typeof known === 'number' ? figure(known, unitOf(node, language) ?? 'count') : String(known);
}

function attempt(value: () => FactValue): FactValue | null {
  try {
    return value();
  } catch (error) {
    if (error instanceof Unmeasured) return null;
    throw error;
  }
}

const compiled = new WeakMap<ASTNode, Expression>();

/** A part of an expression, as an expression of its own. */
function source(node: ASTNode, language: Language): Expression {
  let expression = compiled.get(node);
  if (!expression) compiled.set(node, (expression = language.compile(node.input.slice(node.start, node.end), 'any')));
  return expression;
}
