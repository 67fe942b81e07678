/** The documents of a YAML stream that hold every one of the words. */
export function documentsWith(yaml: string, words: string): string[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return yaml
    .split(/^---\s*$/m)
    .map((document) => document.trim())
    .filter((document) => document !== '' && wanted.every((word) => document.toLowerCase().includes(word)));
}
