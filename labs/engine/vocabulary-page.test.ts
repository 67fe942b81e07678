import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { withVocabulary } from './vocabulary-page.ts';

const page = readFileSync(new URL('../../docs/writing-a-lab.md', import.meta.url), 'utf8');

test('docs/writing-a-lab.md has the words that there are: npm run lab -- words', () => {
  assert.equal(page, withVocabulary(page));
});

test('a page without a place for them is refused', () => {
  assert.throws(() => withVocabulary('# A page'), /has no <!-- facts -->/);
});
