import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allCommands, canRun, offerCommands, onOffersChanged } from './command.ts';
import type { Command } from './command.ts';
import { boundKeys, isSingleKey, keyNames } from './keys.ts';

const command = (id: string, keys?: string): Command => ({
  ...{ id, label: id, group: 'Test', run: () => {} },
  ...(keys === undefined ? {} : { keys }),
});

test('keys are called as they are written on the keyboard', () => {
  assert.deepEqual(keyNames('$mod+k', false), [['Ctrl', 'K']]);
  assert.deepEqual(keyNames('$mod+k', true), [['⌘', 'K']]);
  assert.deepEqual(keyNames('g h', false), [['G'], ['H']]);
  assert.deepEqual(keyNames('Escape', false), [['Esc']]);
  assert.deepEqual(keyNames('Shift+P', false), [['Shift', 'P']]);
  assert.deepEqual(keyNames('[Shift]+?', false), [['?']]);
  assert.deepEqual(keyNames('[Shift]++', false), [['+']]);
});

test('keys one after the other are looked at before one alone, and each once', () => {
  const commands = [command('hint', 'h'), command('home', 'g h'), command('no key'), command('other hint', 'h')];
  assert.deepEqual(boundKeys(commands), ['g h', 'h']);
});

test('Esc and keys with Ctrl are no single keys', () => {
  assert.deepEqual(
    ['Escape', '$mod+k', 'n', '/', 'g h', 'Shift+P'].map((keys) => isSingleKey(keys)),
    [false, false, true, true, true, true],
  );
});

test('commands are there as long as the part of the page that has them, as it has them now', () => {
  const offer = { current: [command('a')] };
  let told = 0;
  const stop = onOffersChanged(() => told++);
  const takeBack = offerCommands(offer);
  offer.current = [command('a'), { ...command('b'), when: () => false }];
  assert.deepEqual(
    allCommands().map((each) => [each.id, canRun(each)]),
    [
      ['a', true],
      ['b', false],
    ],
  );
  takeBack();
  stop();
  assert.deepEqual(allCommands(), []);
  assert.equal(told, 2);
});
