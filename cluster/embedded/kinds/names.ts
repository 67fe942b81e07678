import { isIP } from 'node:net';
import { readYaml } from './yaml.ts';

/** Which names the objects of a kind may have, and the rules for labels; from the API's validation of names and labels. */
export type NameRule = 'subdomain' | 'label' | 'service' | 'path';

/** Of what the generated part of a name is made: no vowels and no look-alikes, so that none comes out as a word. */
export const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

type Rule = { pattern: string; length: number; words: string; examples: string[] };

const rules = readYaml(new URL('rules/names.yaml', import.meta.url)) as Record<string, Rule>;

/** What is wrong with a name; undefined when nothing is. */
export function nameProblem(name: string, rule: NameRule | 'key' | 'labelValue'): string | undefined {
  const { pattern, length, words, examples } = rules[rule]!;
  if (name.length > length) return `must be no more than ${length} characters`;
  if (new RegExp(`^(?:${pattern})$`).test(name)) return undefined;
  const list = examples.map((example) => `'${example}', `).join(' or ');
  return `${words} (e.g. ${list}regex used for validation is '${pattern}')`;
}

/** What is wrong with the key of a label or annotation. */
export function keyProblem(key: string): string | undefined {
  const slash = key.indexOf('/');
  const prefix = slash === -1 ? undefined : nameProblem(key.slice(0, slash), 'subdomain');
  if (prefix) return `prefix part ${prefix}`;
  const name = nameProblem(key.slice(slash + 1), 'key');
  return name && `name part ${name}`;
}

/** What is wrong with the value of a label. */
export const labelValueProblem = (value: string): string | undefined => nameProblem(value, 'labelValue');

/** What is wrong with the name of a port. */
export function portNameProblem(name: string): string | undefined {
  if (name.length > 15) return 'must be no more than 15 characters';
  if (!/^[-a-z0-9]+$/.test(name)) return 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)';
  if (!/[a-z]/.test(name)) return 'must contain at least one letter (a-z)';
  if (name.includes('--')) return 'must not contain consecutive hyphens';
  return /^-|-$/.test(name) ? 'must not begin or end with a hyphen' : undefined;
}

/** What is wrong with an address. */
export function addressProblem(address: string): string | undefined {
  return isIP(address) ? undefined : 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
}
