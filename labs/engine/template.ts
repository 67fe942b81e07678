import type { Expression, Language } from './expression.ts';
import type { Facts } from './vocabulary.ts';
import { valueOf } from './words.ts';

/** A sentence with figures of the run: `p95 went to {p95('customer')}.` */
export interface Template {
  parts: (string | Expression)[];
}

/** Throws ExpressionError. */
export function compileTemplate(text: string, language: Language): Template {
  const parts = text.split(/\{([^{}]*)\}/);
  return { parts: parts.map((part, i) => (i % 2 === 1 ? language.compile(part, 'any') : part)) };
}

export function fill({ parts }: Template, language: Language, facts: Facts): string {
  return parts.map((part) => (typeof part === 'string' ? part : valueOf(part, language, facts))).join('');
}
