import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findImage, ImageError } from './catalogue.ts';
import type { ContainerContext } from './image.ts';

const home = mkdtempSync(join(tmpdir(), 'breakwater-images-'));
after(() => rmSync(home, { recursive: true, force: true }));

function folder(path: string, manifest: string): string {
  mkdirSync(join(home, path), { recursive: true });
  writeFileSync(join(home, path, 'package.json'), manifest);
  return join(home, path);
}

const programOf = (image: string, more: Partial<ContainerContext> = {}) =>
  findImage(image, false, home).program({
    home,
    image,
    memoryLimit: null,
    nodeArguments: [],
    ...more,
  } as ContainerContext);

test('a folder in images/ is an image, with the file that its package.json names as its program', async () => {
  const own = folder('images/hello', '{"main": "main.ts"}');
  const { command, args, cwd } = await programOf('local/hello:v1', { args: ['--port', '80'] });
  assert.equal(command, process.execPath);
  assert.deepEqual(args.slice(-3), [join(own, 'main.ts'), '--port', '80']);
  assert.equal(cwd, own);
});

test('a link to a folder is one too', async () => {
  const own = folder('elsewhere', '{"main": "index.js"}');
  symlinkSync(own, join(home, 'images', 'linked'));
  assert.equal((await programOf('local/linked')).cwd, own);
});

test('no reference leads to a folder that was not put there', () => {
  folder('outside', '{"main": "main.js"}');
  for (const image of [
    'local/outside',
    'local/../outside',
    'local/..',
    'local/hello/../../outside',
    `local${home}/outside`,
  ]) {
    assert.throws(() => findImage(image, true, home), ImageError, image);
  }
});

test('a folder without a program says what it lacks', async () => {
  folder('images/empty', '{}');
  await assert.rejects(programOf('local/empty'), /images\/empty\/package\.json has no "main"/);
  mkdirSync(join(home, 'images', 'bare'));
  await assert.rejects(programOf('local/bare'), /images\/bare\/package\.json cannot be read: ENOENT/);
});

test('its program is the only one it runs', async () => {
  folder('images/hello', '{"main": "main.ts"}');
  await assert.rejects(programOf('local/hello', { command: ['sh'] }), /remove `command`/);
});

test('they are listed where an image is not found', () => {
  folder('images/hello', '{"main": "main.ts"}');
  assert.throws(() => findImage('local/hallo', false, home), /There are: .*postgres:\*.*local\/hello:\*/);
});
