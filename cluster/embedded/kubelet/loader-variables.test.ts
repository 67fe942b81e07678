import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findImage } from '../images/catalogue.ts';
import type { ContainerContext } from '../images/image.ts';
import { refuseLoaderVariables } from './loader-variables.ts';

for (const name of ['NODE_OPTIONS', 'LD_PRELOAD', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES', 'PATH', 'BASH_ENV']) {
  test(`a container that sets ${name} is refused by that name`, () => {
    assert.throws(() => refuseLoaderVariables({ PORT: '8080', [name]: '/tmp/evil' }), new RegExp(name));
  });
}

test('what services are usually told is let through', () => {
  refuseLoaderVariables({
    BANK_URL: 'http://bank:8080',
    NODE_ENV: 'production',
    PGDATA: '/data',
    OTEL_SERVICE_NAME: 'a',
  });
});

for (const image of ['breakwater/payments:dev', 'postgres:18']) {
  test(`${image} runs its own program and no command of a manifest`, async () => {
    const context = { home: '/nowhere', image, command: ['sh', '-c', 'id'], env: {}, mounts: [] };
    await assert.rejects(
      findImage(image, false, '/nowhere').program(context as unknown as ContainerContext),
      /exec: "sh": .*runs its own program/,
    );
  });
}

test('postgres takes no setting that runs programs or loads libraries', async () => {
  for (const args of [
    ['-c', 'archive_command=id'],
    ['postgres', '-c', 'shared_preload_libraries=evil'],
    ['--ssl_passphrase_command=id'],
    ['-carchive_command=id'],
  ]) {
    const context = { image: 'postgres:18', args, env: {}, mounts: [] };
    await assert.rejects(
      findImage('postgres:18', false, '/nowhere').program(context as unknown as ContainerContext),
      /no setting that/,
    );
  }
});
