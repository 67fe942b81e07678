import { elementOf, types, type FieldFacts } from '../../../api-schema/facts.ts';
import type { FieldErrors } from '../field-errors.ts';
import { addressProblem, keyProblem, nameProblem, portNameProblem, type NameRule } from '../names.ts';
import { validateLabels } from '../object-meta.ts';
import { readYaml } from '../yaml.ts';

/** What is wrong with a text, by the name of its rule. */
const problems = { key: keyProblem, port: portNameProblem, address: addressProblem };

/** What holds for a field by itself; rules.yaml says how it is written. */
interface FieldRule {
  default?: unknown;
  required?: boolean | string;
  min?: number;
  max?: number;
  enum?: string[];
  path?: 'straight' | 'file';
  name?: NameRule | keyof typeof problems;
  labels?: boolean;
}

/** A field that has a rule, or that holds values of a type with such fields. */
interface Step {
  field: string;
  rule: FieldRule;
  inner?: string;
}

type Json = Record<string, unknown>;

const rules = readYaml(new URL('rules.yaml', import.meta.url)) as Record<string, Record<string, FieldRule>>;

/** Fills in what is left out of an object of a type, and of all that is in it. Changes nothing when it is run again. */
export function applyDefaults(object: object, type: string): void {
  const fields = object as Json;
  for (const { field, rule, inner } of stepsOf(type)) {
    if (rule.default !== undefined) fields[field] ??= structuredClone(rule.default);
    if (inner) for (const [, child] of childrenOf(fields[field])) applyDefaults(child, inner);
  }
}

/** Notes which fields of an object of a type, and of all that is in it, break their rules; `path` is where the object is. */
export function validateFields(object: object, type: string, errors: FieldErrors, path = ''): void {
  for (const { field, rule, inner } of stepsOf(type)) {
    const value = (object as Json)[field];
    const where = path ? `${path}.${field}` : field;
    validateField(value, rule, errors, where);
    if (inner) for (const [key, child] of childrenOf(value)) validateFields(child, inner, errors, where + key);
  }
}

function validateField(value: unknown, rule: FieldRule, errors: FieldErrors, path: string): void {
  const isMissing = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  if (rule.required && isMissing) return errors.required(path, rule.required === true ? '' : rule.required);
  if (typeof value === 'number') errors.range(path, value, rule.min ?? -Infinity, rule.max);
  if (rule.name && typeof value === 'string' && value) {
    const { name } = rule;
    const problem =
      name in problems ? problems[name as keyof typeof problems](value) : nameProblem(value, name as NameRule);
    if (problem) errors.invalid(path, value, problem);
  }
  if (rule.labels) validateLabels(value as Record<string, string> | undefined, path, errors);
  if (rule.path) errors.path(path, value as string | undefined, rule.path);
  if (!rule.enum?.length) return;
  if (!Array.isArray(value)) return errors.oneOf(path, value, rule.enum);
  for (const [index, item] of value.entries()) errors.oneOf(`${path}[${index}]`, item, rule.enum);
}

const known = new Map<string, Step[]>();

function stepsOf(type: string): Step[] {
  let steps = known.get(type);
  if (steps) return steps;
  known.set(type, (steps = []));
  for (const [field, facts] of Object.entries(types[type]!.fields)) {
    const inner = elementOf(facts.type);
    const isType = Object.hasOwn(types, inner);
    // What every object has, and what is not its writer's to say, is looked at elsewhere.
    if (field === 'metadata' || (field === 'status' && isType)) continue;
    const rule = ruleOf(facts, rules[type]?.[field]);
    const holdsRules = isType && stepsOf(inner).length > 0;
    if (holdsRules || Object.keys(rule).length > 0) steps.push({ field, rule, ...(holdsRules && { inner }) });
  }
  return steps;
}

function ruleOf({ default: value, required, enum: values }: FieldFacts, own: FieldRule | undefined): FieldRule {
  return {
    ...(value !== undefined && { default: value }),
    ...(required && { required }),
    ...(values && { enum: values }),
    ...own,
  };
}

/** The objects that a field holds, each with where in it they are: itself, or those of a list or map. */
function childrenOf(value: unknown): [string, object][] {
  if (Array.isArray(value)) return value.map((item, index) => [`[${index}]`, item as object]);
  return typeof value === 'object' && value !== null ? [['', value]] : [];
}
