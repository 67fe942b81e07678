import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EnvironmentError, readEnvironment } from './environment.ts';

describe('reading the environment', () => {
  const environment = readEnvironment({
    N: '7',
    BIG: '99',
    WORD: 'seven',
    EMPTY: '',
    F: 'true',
    U: 'http://bank:8080/',
  });
  const fails = (read: () => unknown, message: RegExp) =>
    assert.throws(read, (error) => error instanceof EnvironmentError && message.test(error.message));

  it('gives values in the type that is asked for', () => {
    assert.equal(environment.integer('N', { min: 0, max: 10 }), 7);
    assert.equal(environment.flag('F'), true);
    assert.equal(environment.url('U'), 'http://bank:8080');
    assert.equal(environment.oneOf('WORD', ['six', 'seven']), 'seven');
  });

  it('takes the fallback for what is absent or empty', () => {
    assert.equal(environment.text('EMPTY', 'x'), 'x');
    assert.equal(environment.integer('NONE', { min: 0, max: 1, fallback: 0 }), 0);
  });

  it('names the variable and what it should hold', () => {
    fails(() => environment.text('NONE'), /NONE is not set; set it to some text/);
    fails(
      () => environment.integer('WORD', { min: 0, max: 10 }),
      /WORD is "seven"; set it to a whole number from 0 to 10/,
    );
    fails(() => environment.integer('BIG', { min: 0, max: 10 }), /BIG is "99"/);
    fails(() => environment.oneOf('WORD', ['on', 'off']), /WORD is "seven"; set it to on or off/);
    fails(() => environment.url('WORD'), /WORD is "seven"; set it to an address/);
  });
});
