import type { ExchangeType } from './exchange-type.ts';

/** Words between dots; in a binding `*` stands for one word, `#` for none or more. */
export const topic: ExchangeType = {
  name: 'topic',
  matches: (binding, routingKey) => wordsMatch(binding.routingKey.split('.'), routingKey.split('.')),
};

/** Like a glob: on a mismatch the last `#` takes one word more, so it is no worse than pattern times words. */
function wordsMatch(pattern: string[], words: string[]): boolean {
  let [at, word, hash, taken] = [0, 0, -1, 0];
  while (word < words.length) {
    if (pattern[at] === '#') {
      [hash, taken] = [at++, word];
    } else if (at < pattern.length && (pattern[at] === '*' || pattern[at] === words[word])) {
      at++;
      word++;
    } else if (hash >= 0) {
      at = hash + 1;
      word = ++taken;
    } else {
      return false;
    }
  }
  while (pattern[at] === '#') at++;
  return at === pattern.length;
}
