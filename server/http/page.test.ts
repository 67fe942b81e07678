import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { shipped } from '../../labs/catalogue.ts';
import { openPage } from './page.ts';
import { startApi } from './testing/api-server.ts';

const [lab] = shipped;
const written = '99-being-written';
const script = '/_next/static/chunks/0a1b2c.js';
const text = 'let tide = 1;\n'.repeat(200);

let root: string;
let api: Awaited<ReturnType<typeof startApi>>;

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

before(async () => {
  root = mkdtempSync(join(tmpdir(), 'page-'));
  write('.next/BUILD_ID', 'secret');
  write('.next/page-of-another/index.html', 'secret');
  const pages = ['index', '404', 'play', `labs/${lab}`, 'labs/unshipped'];
  for (const page of pages) {
    write(`.next/page/${page}.html`, `<h1>${page}</h1>`);
    write(`.next/page/${page}.txt`, `data of ${page}`);
  }
  write(`.next/page/labs/unshipped/__next._tree.txt`, 'tree of labs/unshipped');
  write(`.next/page/${script}`, text);
  write(`.next/page/${script}.gz`, gzipSync(text));
  write('.next/page/icon.svg', '<svg/>');
  api = await startApi({ page: openPage(root, (id) => [lab, written].includes(id)) });
});
after(async () => {
  await api.close();
  rmSync(root, { recursive: true });
});

test('each page is at its path, with a tag by which it is not sent again', async () => {
  for (const [path, page] of [
    ['/', 'index'],
    ['/?tab=faults', 'index'],
    ['/play', 'play'],
    ['/play/', 'play'],
    [`/labs/${lab}?step=2`, `labs/${lab}`],
  ] as const) {
    const { status, headers, body } = await api.ask('GET', path);
    assert.deepEqual([status, body], [200, `<h1>${page}</h1>`], path);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/);
    const again = await api.ask('GET', path, undefined, { 'if-none-match': headers.etag! });
    assert.deepEqual([again.status, again.body, again.headers['cache-control']], [304, '', 'no-cache']);
  }
  const { etag } = (await api.ask('GET', '/')).headers;
  const { status } = await api.ask('GET', '/play', undefined, { 'if-none-match': etag! });
  assert.equal(status, 200);
});

test('what has its hash in its name is kept for ever, and what is missing there is not', async () => {
  const { status, headers, body } = await api.ask('GET', script);
  assert.deepEqual([status, body], [200, text]);
  assert.match(String(headers['content-type']), /^text\/javascript/);
  assert.deepEqual([headers['cache-control'], headers.etag], ['public, max-age=31536000, immutable', undefined]);
  const missing = await api.ask('GET', '/_next/static/chunks/older.js');
  assert.deepEqual([missing.status, missing.headers['cache-control']], [404, 'no-cache']);
  assert.equal((await api.ask('GET', '/icon.svg')).headers['cache-control'], 'no-cache');
});

test('who takes gzip gets it, others do not', async () => {
  const packed = await fetch(`http://127.0.0.1:${api.port}${script}`, { headers: { 'accept-encoding': 'br, gzip' } });
  assert.equal(packed.headers.get('content-encoding'), 'gzip');
  assert.equal(packed.headers.get('vary'), 'Accept-Encoding');
  assert.equal(packed.headers.get('content-length'), String(gzipSync(text).length));
  assert.match(packed.headers.get('content-type')!, /^text\/javascript/);
  assert.equal(await packed.text(), text);
  for (const accepted of ['br', 'gzip;q=0', 'identity']) {
    const { headers, body } = await api.ask('GET', script, undefined, { 'accept-encoding': accepted });
    assert.deepEqual([headers['content-encoding'], body], [undefined, text], accepted);
  }
});

test('HEAD tells the same without the body', async () => {
  const { status, headers, body } = await api.ask('HEAD', '/play');
  assert.deepEqual([status, headers['content-length'], body], [200, String('<h1>play</h1>'.length), '']);
  assert.equal((await api.ask('HEAD', '/nothing')).status, 404);
});

test('a lab that is being written has the page that reads its id from the address, and one that is none has none', async () => {
  assert.equal((await api.ask('GET', `/labs/${written}`)).body, '<h1>labs/unshipped</h1>');
  assert.equal((await api.ask('GET', `/labs/${written}/`)).body, '<h1>labs/unshipped</h1>');
  assert.equal((await api.ask('GET', `/labs/${written}.txt?_rsc=1`)).body, 'data of labs/unshipped');
  assert.equal((await api.ask('GET', `/labs/${written}/__next._tree.txt`)).body, 'tree of labs/unshipped');
  assert.equal((await api.ask('GET', `/labs/${lab}.txt?_rsc=1`)).body, `data of labs/${lab}`);
  for (const path of [
    '/labs/98-nothing',
    '/labs/98-nothing.txt',
    '/labs/unshipped',
    '/labs/unshipped.html',
    '/labs',
    '/no',
  ]) {
    const { status, headers, body } = await api.ask('GET', path);
    assert.deepEqual([status, body], [404, '<h1>404</h1>'], path);
    assert.match(String(headers['content-type']), /^text\/html/);
  }
});

test('nothing is read beside the page', async () => {
  for (const path of [
    '/../BUILD_ID',
    '/..%2fBUILD_ID',
    '/%2e%2e/BUILD_ID',
    '/%252e%252e/BUILD_ID',
    '/..%5cBUILD_ID',
    '/../page-of-another/index.html',
    '/labs/../../BUILD_ID',
    `/labs/${written}/../../../BUILD_ID`,
    `/labs/${written}/..%2f..%2f..%2fBUILD_ID`,
    `//${join(root, '.next/BUILD_ID')}`,
    '/%00',
    '/%',
    '/%E0%A4%A',
  ]) {
    const { status, body } = await api.ask('GET', path);
    assert.deepEqual([status, body], [404, '<h1>404</h1>'], path);
  }
});

test('a page that is taken away meanwhile is not found', async () => {
  write('.next/page/gone.html', 'here');
  assert.equal((await api.ask('GET', '/gone')).status, 200);
  rmSync(join(root, '.next/page/gone.html'));
  rmSync(join(root, '.next/page/404.html'));
  assert.equal((await api.ask('GET', '/gone')).status, 404);
  write('.next/page/404.html', '<h1>404</h1>');
});

test('where nothing is built the answer says how to build it', async () => {
  const unbuilt = await startApi({ page: openPage(join(root, 'elsewhere'), () => true) });
  try {
    const { status, body } = await unbuilt.ask('GET', '/');
    assert.deepEqual([status, body.includes('npm start')], [503, true]);
  } finally {
    await unbuilt.close();
  }
});
