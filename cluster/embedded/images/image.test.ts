import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findImage, ImageError } from './catalogue.ts';
import { isReference, parseReference } from './image.ts';

test('a reference is read as Docker reads it', () => {
  assert.deepEqual(parseReference('postgres'), { repository: 'postgres', tag: 'latest' });
  assert.deepEqual(parseReference('docker.io/library/postgres:18'), { repository: 'postgres', tag: '18' });
  assert.deepEqual(parseReference('localhost:5000/breakwater/gateway:v2@sha256:00'), {
    repository: 'breakwater/gateway',
    tag: 'v2',
  });
});

test('a reference has a repository in small letters', () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  for (const good of ['postgres', 'a/b_c/d--e:V1.2', 'localhost:5000/web', 'Registry.io/web', `web:1@${digest}`]) {
    assert.ok(isReference(good), good);
  }
  for (const bad of ['', 'Web', 'web:', 'web:1:2', 'a//b', '/web', 'web ', 'local/..', 'web@sha256:0']) {
    assert.ok(!isReference(bad), bad);
  }
});

test('every folder of the shop that holds a service is an image', () => {
  const services = join(import.meta.dirname, '../../shop/services');
  const names = readdirSync(services).filter((name) => existsSync(join(services, name, 'main.ts')));
  assert.deepEqual(
    names.map((name) => findImage(`breakwater/${name}:dev`, false, '/nowhere').name),
    names.map((name) => `breakwater/${name}:*`),
  );
  assert.throws(() => findImage('breakwater/checkout.test.ts:dev', true, '/nowhere'), ImageError);
});

test('an unknown image fails with the list of those there are', () => {
  assert.equal(findImage('breakwater/payments:v1', false, '/nowhere').name, 'breakwater/payments:*');
  assert.throws(
    () => findImage('nginx:1.29', true, '/nowhere'),
    (error) => error instanceof ImageError && /"nginx:1.29".*breakwater\/gateway:\*.*postgres:\*/.test(error.message),
  );
});

test('the image that runs any program is there only where that is permitted, and says how to permit it', () => {
  assert.equal(findImage('node:24', true, '/nowhere').name, 'node:*');
  assert.throws(
    () => findImage('node:24', false, '/nowhere'),
    (error) =>
      error instanceof ImageError &&
      /without permission.*BREAKWATER_ANY_PROGRAM=yes/.test(error.message) &&
      !error.message.includes('node:*'),
  );
});
