import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findImage, ImageNotFoundError } from './catalogue.ts';
import { parseReference } from './image.ts';

test('a reference is read as Docker reads it', () => {
  assert.deepEqual(parseReference('postgres'), { repository: 'postgres', tag: 'latest' });
  assert.deepEqual(parseReference('docker.io/library/postgres:18'), { repository: 'postgres', tag: '18' });
  assert.deepEqual(parseReference('localhost:5000/breakwater/gateway:v2@sha256:00'), {
    repository: 'breakwater/gateway',
    tag: 'v2',
  });
});

test('every folder of the shop that holds a service is an image', () => {
  const services = join(import.meta.dirname, '../../shop/services');
  const names = readdirSync(services).filter((name) => existsSync(join(services, name, 'main.ts')));
  assert.deepEqual(
    names.map((name) => findImage(`breakwater/${name}:dev`, false).name),
    names.map((name) => `breakwater/${name}:*`),
  );
  assert.throws(() => findImage('breakwater/checkout.test.ts:dev', true), ImageNotFoundError);
});

test('an unknown image fails with the list of those there are', () => {
  assert.equal(findImage('breakwater/payments:v1', false).name, 'breakwater/payments:*');
  assert.throws(
    () => findImage('nginx:1.29', true),
    (error) =>
      error instanceof ImageNotFoundError && /"nginx:1.29".*breakwater\/gateway:\*.*postgres:\*/.test(error.message),
  );
});

test('the image that runs any program is there only where that is permitted, and says how to permit it', () => {
  assert.equal(findImage('node:24', true).name, 'node:*');
  assert.throws(
    () => findImage('node:24', false),
    (error) =>
      error instanceof ImageNotFoundError &&
      /without permission.*BREAKWATER_ANY_PROGRAM=yes/.test(error.message) &&
      !error.message.includes('node:*'),
  );
});

test('a service whose variable names a path in its volume is given the folder that stands for it', async () => {
  const { env } = await findImage('breakwater/bank:dev', false).program({
    ...{ home: '/home', image: 'breakwater/bank:dev', command: undefined, args: undefined, scratch: '/scratch' },
    ...{ memoryLimit: null, nodeArguments: [], freePort: async () => 1 },
    env: { BOOK_FOLDER: '/var/lib/bank/book', BESIDE: '/var/lib/banks', BANK_URL: 'http://bank:8080', EMPTY: '' },
    mounts: [{ mountPath: '/var/lib/bank/', directory: '/home/volumes/bank' }],
  });
  const { NODE_COMPILE_CACHE: _cache, ...others } = env;
  assert.deepEqual(others, { BOOK_FOLDER: '/home/volumes/bank/book' });
});
