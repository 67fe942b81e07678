import { hasWords } from '../ui/words.ts';

/** The documents of a YAML stream that hold every one of the words. */
export function documentsWith(yaml: string, words: string): string[] {
  return yaml
    .split(/^---\s*$/m)
    .map((document) => document.trim())
    .filter((document) => document !== '' && hasWords(document, words));
}
