import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { mountView, type Mount } from './mount-view.ts';

const run = promisify(execFile);
let home: string;
let mounts: Mount[];

before(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'breakwater-mounts-')));
  for (const name of ['data', 'settings', 'root']) mkdirSync(join(home, name));
  writeFileSync(join(home, 'settings', 'sky'), 'blue');
  writeFileSync(join(home, 'neighbour'), 'not yours');
  mounts = [
    { mountPath: '/data', directory: join(home, 'data'), readOnly: false },
    { mountPath: '/etc/of-a-container/settings', directory: join(home, 'settings'), readOnly: true },
  ];
});
after(() => rmSync(home, { recursive: true, force: true }));

/** What a program prints that sees the mounts. */
async function output(code: string): Promise<string> {
  const { env, nodeArguments } = mountView(mounts, join(home, 'root'), join(home, 'disk-full'));
  const { stdout } = await run(process.execPath, [...nodeArguments, '-e', code], { env: { ...process.env, ...env } });
  return stdout.trim();
}

test('a container without mounts pays for none', () => {
  assert.deepEqual(mountView([], '/nowhere', '/nowhere'), { env: {}, nodeArguments: [] });
});

test('no dots lead from a mount to its neighbours on this machine', async () => {
  const code = `console.log(['/data/../neighbour', '/data/a/../../neighbour'].map((path) => fs.existsSync(path)).join())`;
  assert.equal(await output(code), 'false,false');
});

test('a link leads where it leads in the container, also out of its mount', async () => {
  const code = `
    fs.symlinkSync('../etc/of-a-container/settings/sky', '/data/relative');
    fs.symlinkSync('/etc/of-a-container/settings/sky', '/data/absolute');
    fs.symlinkSync('../neighbour', '/data/climbs');
    console.log(fs.readFileSync('/data/relative', 'utf8'), fs.readlinkSync('/data/absolute'), fs.existsSync('/data/climbs'))`;
  assert.equal(await output(code), 'blue /etc/of-a-container/settings/sky false');
});

test('a mount point cannot be removed, nor what is read-only written, by any of the ways of fs', async () => {
  const code = `
    const told = [];
    const tell = (error) => told.push(error?.code ?? 'done');
    for (const act of [() => fs.rmdirSync('/data'), () => fs.openSync('/etc/of-a-container/settings/sky', 'a')])
      try { act(); tell(); } catch (error) { tell(error); }
    fs.promises.rename('/data', '/other').catch(tell);
    fs.promises.appendFile('/etc/of-a-container/settings/sky', 'x').catch(tell);
    fs.chmod('/etc/of-a-container/settings/sky', 0o777, tell);
    fs.createWriteStream('/etc/of-a-container/settings/new').on('error', tell);
    process.on('exit', () => console.log(told.sort().join()))`;
  assert.equal(await output(code), 'EBUSY,EBUSY,EROFS,EROFS,EROFS,EROFS');
  assert.equal(readFileSync(join(home, 'settings', 'sky'), 'utf8'), 'blue');
});

test('nothing is copied to, moved or linked out of a volume that is only read', async () => {
  const code = `
    const told = [];
    const tell = (error) => told.push(error?.code ?? 'done');
    const sky = '/etc/of-a-container/settings/sky';
    for (const act of [() => fs.renameSync(sky, '/data/sky'), () => fs.linkSync(sky, '/data/link'), () => fs.cpSync('/data', '/etc/of-a-container/settings/a', { recursive: true })])
      try { act(); tell(); } catch (error) { tell(error); }
    fs.cp(sky, '/etc/of-a-container/settings/b', tell);
    fs.cp(sky, '/etc/of-a-container/settings/c', {}, tell);
    fs.promises.cp(sky, '/etc/of-a-container/settings/d').then(tell, tell);
    fs.promises.rename(sky, '/data/sky').then(tell, tell);
    fs.promises.cp(sky, '/data/copy').then(tell, tell);
    process.on('exit', () => console.log(told.sort().join()))`;
  assert.equal(await output(code), 'EROFS,EROFS,EROFS,EROFS,EXDEV,EXDEV,EXDEV,done');
  assert.deepEqual(readdirSync(join(home, 'settings')), ['sky']);
});

test('folders above a mount that this machine has not are there', async () => {
  const code = `console.log(fs.readdirSync('/etc/of-a-container').join(), fs.readdirSync('/etc').includes('of-a-container'),
    [...fs.opendirSync('/etc/of-a-container').readSync().name].join(''))`;
  assert.equal(await output(code), 'settings true settings');
});

test('a Unix socket in a mount is found by its path there', async () => {
  const code = `const server = net.createServer((socket) => socket.end('hello')).listen('/data/s', () =>
    net.connect('/data/s').on('data', (text) => { console.log(String(text)); server.close(); }))`;
  assert.equal(await output(code), 'hello');
});

test('a database of SQLite is where the program says, by its path and by a URL with settings', async () => {
  const code = `
    const { DatabaseSync } = require('node:sqlite');
    const url = require('node:url').pathToFileURL('/data/book.sqlite');
    url.search = '?mode=rwc';
    new DatabaseSync(url).exec('create table t (a); insert into t values (1)');
    console.log(new DatabaseSync('/data/book.sqlite', { readOnly: true }).prepare('select a from t').get().a)`;
  assert.equal(await output(code), '1');
  assert.ok(existsSync(join(home, 'data', 'book.sqlite')));
});

/** Prints the code of what each way of fs comes to. */
const writings = `
  const { DatabaseSync } = require('node:sqlite');
  const { once } = require('node:events');
  const tries = {
    writeFileSync: () => fs.writeFileSync('/data/a', 'x'),
    buffer: () => fs.writeFileSync('/data/a', Buffer.from('x')),
    append: () => fs.appendFileSync('/data/log', 'x'),
    promise: () => fs.promises.writeFile('/data/a', 'x'),
    handle: async () => { const file = await fs.promises.open('/data/a', 'w'); try { await file.write('x'); } finally { await file.close(); } },
    callback: () => new Promise((resolve, reject) => fs.writeFile('/data/a', 'x', (error) => (error ? reject(error) : resolve()))),
    stream: async () => { const stream = fs.createWriteStream('/data/a'); stream.end('x'); await once(stream, 'finish'); },
    copy: () => fs.copyFileSync('/etc/of-a-container/settings/sky', '/data/copy'),
    read: () => fs.readFileSync('/data/there', 'utf8'),
    elsewhere: () => fs.writeFileSync(process.env.ELSEWHERE, 'x'),
    sqlite: () => { for (let row = 0; row < 100; row++) insert.run('x'.repeat(100)); },
  };
  const database = new DatabaseSync('/data/database');
  database.exec('pragma synchronous = off; create table if not exists rows (text)');
  const insert = database.prepare('insert into rows values (?)');
  async function look() {
    const codes = {};
    for (const [name, attempt] of Object.entries(tries)) {
      try { await attempt(); codes[name] = 'ok'; } catch (error) { codes[name] = error.errstr ?? error.code; }
    }
    return codes;
  }
`;

test('while the disk is full nothing can be written to a mount, by none of the ways of fs, and each refusal is counted', async () => {
  const [file, elsewhere] = [join(home, 'disk-full'), JSON.stringify(join(home, 'elsewhere'))];
  writeFileSync(join(home, 'data', 'there'), 'x');
  const code = `
    ${writings.replace('process.env.ELSEWHERE', elsewhere)}
    const until = (ms) => Number(process.hrtime.bigint() / 1_000_000n) + ms;
    (async () => {
      const before = await look();
      fs.writeFileSync(${JSON.stringify(file)}, String(until(60_000)));
      const full = await look();
      let message; try { fs.writeFileSync('/data/a', 'x'); } catch (error) { message = error.message; }
      fs.writeFileSync(${JSON.stringify(file)}, String(until(-1)));
      console.log(JSON.stringify({ before, full, message, after: await look() }));
    })();`;
  const { before, full, message, after } = JSON.parse(await output(code)) as Record<string, Record<string, string>>;
  const refused = ['writeFileSync', 'buffer', 'append', 'promise', 'handle', 'callback', 'stream', 'copy'];
  const expected = Object.fromEntries(
    Object.keys(before!).map((name) => [name, refused.includes(name) ? 'ENOSPC' : 'ok']),
  );
  assert.deepEqual(full, { ...expected, sqlite: 'database or disk is full' });
  assert.equal(message, "ENOSPC: no space left on device, write '/data/a'");
  const all = Object.fromEntries(Object.keys(before!).map((name) => [name, 'ok']));
  assert.deepEqual([before, after], [all, all], 'by the clock it is over');
  assert.equal(readFileSync(`${file}.refused`, 'utf8').length, refused.length + 2);
});
