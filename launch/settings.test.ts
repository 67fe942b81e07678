import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFailure, LaunchError } from './launch-error.mjs';
import { readSettings } from './settings.mjs';

test('an empty environment gives the defaults', () => {
  assert.deepEqual(readSettings({}, '/repo'), {
    port: 4000,
    host: '127.0.0.1',
    home: '/repo/.breakwater',
    memoryMB: 900,
    diskMB: 200,
  });
});

test('the environment decides port, address, state folder, memory and disk', () => {
  const env = {
    PORT: '0',
    HOST: '::1',
    BREAKWATER_HOME: 'state',
    BREAKWATER_MEMORY_MB: '100',
    BREAKWATER_DISK_MB: '5',
  };
  assert.deepEqual(readSettings(env, '/repo'), { port: 0, host: '::1', home: '/repo/state', memoryMB: 100, diskMB: 5 });
});

for (const PORT of ['abc', '-1', '65536', '80.5', '0x10', '1e3']) {
  test(`PORT=${PORT} is refused with a line that says what to do`, () => {
    assert.throws(
      () => readSettings({ PORT }, '/repo'),
      (error: unknown) => {
        assert.ok(error instanceof LaunchError);
        assert.equal(error.code, 'bad-setting');
        assert.match(
          describeFailure(error),
          new RegExp(`^PORT is "${PORT}".*Set it like PORT=4000, or leave it out\\.$`),
        );
        return true;
      },
    );
  });
}

test('an error that nobody foresaw is described with its stack', () => {
  assert.match(describeFailure(new TypeError('odd')), /^TypeError: odd\n\s+at /);
});
