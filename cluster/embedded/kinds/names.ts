/** Which names the objects of a kind may have, and the rules for labels; from the API's validation of names and labels. */
export type NameRule = 'subdomain' | 'label' | 'service';

/** Of what the generated part of a name is made: no vowels and no look-alikes, so that none comes out as a word. */
export const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SERVICE = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

const rules: Record<NameRule, { pattern: RegExp; length: number; title: string; detail: string }> = {
  subdomain: {
    pattern: SUBDOMAIN,
    length: 253,
    title: 'a lowercase RFC 1123 subdomain',
    detail:
      "must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric",
  },
  label: {
    pattern: LABEL,
    length: 63,
    title: 'a lowercase RFC 1123 label',
    detail: "must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric",
  },
  service: {
    pattern: SERVICE,
    length: 63,
    title: 'a DNS-1035 label',
    detail:
      "must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric",
  },
};

/** What is wrong with a name; undefined when nothing is. */
export function nameProblem(name: string, rule: NameRule): string | undefined {
  const { pattern, length, title, detail } = rules[rule];
  if (name.length > length) return `must be no more than ${length} characters`;
  if (!pattern.test(name)) return `${title} ${detail} character (regex used for validation is '${pattern.source}')`;
  return undefined;
}

/** What is wrong with the key of a label or annotation. */
export function keyProblem(key: string): string | undefined {
  const slash = key.indexOf('/');
  const [prefix, name] = slash === -1 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)];
  if (prefix !== undefined) {
    const problem = nameProblem(prefix, 'subdomain');
    if (problem) return `prefix part ${problem}`;
  }
  if (name.length > 63) return 'name part must be no more than 63 characters';
  if (!QUALIFIED.test(name)) {
    return "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  }
  return undefined;
}

/** What is wrong with the value of a label. */
export function labelValueProblem(value: string): string | undefined {
  if (value === '') return undefined;
  if (value.length > 63) return 'must be no more than 63 characters';
  if (!QUALIFIED.test(value)) {
    return "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  }
  return undefined;
}
