import { equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { readme, withTable } from './generate.ts';

it("the README's table of what is served and honoured is as the cluster is (else run generate.ts)", async () => {
  const text = readFileSync(readme, 'utf8');
  equal(text, await withTable(text));
});
