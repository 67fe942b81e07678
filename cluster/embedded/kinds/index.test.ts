import { deepEqual, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { kinds } from './index.ts';

describe('the list of kinds', () => {
  it('has every kind that has a file, and no other', () => {
    const folder = import.meta.dirname;
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const defined = files.flatMap((file) => [
      ...readFileSync(join(folder, file), 'utf8').matchAll(/^export const (\w+) = (?:defineKind<|definition\()/gm),
    ]);
    deepEqual(defined.length, kinds.length, defined.map(([, name]) => name).join(' '));
  });

  it('gives no two kinds the same path, name or short name', () => {
    for (const key of ['kind', 'plural', 'singular'] as const) {
      deepEqual(new Set(kinds.map((kind) => kind[key])).size, kinds.length, key);
    }
    const shortNames = kinds.flatMap((kind) => kind.shortNames);
    deepEqual(new Set(shortNames).size, shortNames.length);
  });

  it('has the name as first column of every kind that people look up by name', () => {
    for (const kind of kinds) ok(kind.kind === 'Event' || kind.columns[0]!.name === 'Name', kind.kind);
  });
});
