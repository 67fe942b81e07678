import { parseAllDocuments, type ScalarTag } from 'yaml';
import { KustomizeError } from './kustomize-error.ts';

/** kubectl's reader takes 0644 for octal, as YAML 1.1 did, though else it reads YAML 1.2. */
const octal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
};

/** The documents of a YAML (or JSON) text; empty ones are left out. `where` is for messages. */
export function parseYaml(text: string, where: string): unknown[] {
  const documents = parseAllDocuments(text, { merge: true, customTags: (tags) => [octal, ...tags] });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new KustomizeError('malformed', `${where} is not valid YAML: ${error.message}`, { cause: error });
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [value];
  });
}
