import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

let home: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lab-server-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(home, { recursive: true });
});

/** The real process, without a cluster: it waits for one. */
function start(env: Record<string, string> = {}) {
  const child = fork(join(import.meta.dirname, 'main.ts'), {
    env: { ...process.env, NODE_ENV: 'production', PORT: '0', BREAKWATER_HOME: home, KUBECONFIG: '', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  children.push(child);
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ready = new Promise<string>((resolve) => {
    child.on('message', (message: { type: string; url?: string }) => {
      if (message.type === 'ready') resolve(message.url ?? '');
    });
  });
  const written = once(child.stderr!, 'close');
  const exit = once(child, 'exit').then(async ([code]) => {
    await written;
    return { code: code as number | null, errors: () => errors };
  });
  /** Waits until that has been written to standard error. */
  const told = async (what: RegExp) => {
    while (!what.test(errors)) await once(child.stderr!, 'data');
  };
  return { child, ready, exit, told };
}

test('without a cluster it is up all the same, and says what it waits for', async () => {
  const { ready } = start();
  const url = await ready;
  const health = await fetch(`${url}/healthz`);
  assert.deepEqual([health.status, await health.text()], [503, 'The cluster is not connected.\n']);
  const api = await fetch(`${url}/api/state`);
  assert.equal(((await api.json()) as { error: { code: string } }).error.code, 'starting');
  assert.match(await (await fetch(`${url}/metrics`)).text(), /# EOF\n$/);
});

for (const [how, stop] of [
  ['SIGTERM', (child: ChildProcess) => child.kill('SIGTERM')],
  ['the word stop', (child: ChildProcess) => child.send({ type: 'stop' })],
] as const) {
  test(`${how} ends it in good order, open connections or not`, async () => {
    const { child, ready, exit } = start();
    await (await fetch(`${await ready}/healthz`)).text(); // leaves a kept-alive connection
    const since = performance.now();
    stop(child);
    assert.equal((await exit).code, 0);
    assert.ok(performance.now() - since < 2_000);
  });
}

const addresses = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []);
// Linux answers to all of 127.0.0.0/8: an address like any other, that nobody but this machine reaches.
const elsewhere = process.platform === 'linux' ? '127.0.0.2' : null;
for (const [host, shown] of [
  ['::1', '[::1]'],
  [elsewhere, elsewhere],
  ['localhost', 'localhost'],
  ['0.0.0.0', 'localhost'],
] as const) {
  const missing = host === '::1' ? !addresses.includes(host) : host === null;
  test(`HOST=${host} is listened at, and the loopback too`, { skip: missing && 'no such address here' }, async () => {
    const { child, ready, exit } = start({ HOST: host! });
    const url = new URL(await ready);
    assert.equal(url.hostname, shown);
    for (const place of [url.host, `127.0.0.1:${url.port}`]) {
      const answer = await fetch(`http://${place}/healthz`);
      assert.equal(await answer.text(), 'The cluster is not connected.\n', place);
    }
    child.kill('SIGTERM');
    assert.equal((await exit).code, 0);
  });
}

const open: Record<string, string>[] = [{ HOST: '0.0.0.0' }, { BREAKWATER_HOSTS: 'lab.example' }];
for (const env of open) {
  test(`${Object.keys(env)[0]} beyond this machine has the access code in the URL that is told`, async () => {
    const { child, ready, exit } = start(env);
    const url = new URL(await ready);
    const code = url.searchParams.get('code') ?? '';
    assert.match(code, /^[2-9a-z]{4}(-[2-9a-z]{4}){2}$/);
    const authorization = `Bearer ${code}`;
    const answer = await fetch(new URL('/livez', url), { headers: { authorization } });
    assert.equal(answer.status, 200);
    child.kill('SIGTERM');
    assert.equal((await exit).code, 0);
  });
}

test('a HOST that names no machine is one clear line', async () => {
  for (const HOST of ['http://lab.example', 'fe80::1%lo', 'no.such.machine.invalid']) {
    const { code, errors } = await start({ HOST }).exit;
    assert.equal(code, 1);
    assert.match(errors(), /^bad-settings: (HOST is|Port 0 of no\.such\.machine\.invalid cannot be listened on)/);
  }
});

test('it does not outlive whoever started it', async () => {
  const { child, ready, exit } = start();
  await ready;
  child.disconnect();
  assert.equal((await exit).code, 1);
});

test('a taken port is one clear line', async () => {
  const other = createServer();
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, errors } = await start({ PORT: String(port) }).exit;
  other.close();
  assert.equal(code, 1);
  assert.equal(
    errors().split('\n')[0],
    `bad-settings: Port ${port} of 127.0.0.1 is taken; set PORT to another. [EADDRINUSE: listen EADDRINUSE: address already in use 127.0.0.1:${port}]`,
  );
});

test('a port that is none is one clear line', async () => {
  const { code, errors } = await start({ PORT: 'soon' }).exit;
  assert.deepEqual([code, errors()], [1, 'bad-settings: PORT is "soon"; set it to a number from 0 to 65535.\n']);
});

test('a broken desired state is one clear line, and is left as it is', async () => {
  mkdirSync(join(home, 'desired-state'));
  writeFileSync(join(home, 'desired-state', 'thesis.txt'), 'years of work');
  const { ready, exit } = start();
  let offered = false;
  void ready.then(() => (offered = true));
  const { code, errors } = await exit;
  assert.deepEqual([code, offered], [1, false]); // a death before that counts as one that comes again
  assert.match(
    errors(),
    /^desired-state-broken: The repository .*desired-state cannot be used: it is not a git repository/,
  );
});

test('a KUBECONFIG that leads nowhere is one clear line at once, not waited for', async () => {
  const { exit } = start({ KUBECONFIG: join(home, 'elsewhere') });
  const { code, errors } = await exit;
  assert.equal(code, 1);
  assert.match(errors(), /^kubeconfig-missing: .*elsewhere/);
});

test('a kubeconfig that is not one is one clear line', async () => {
  writeFileSync(join(home, 'kubeconfig'), 'contexts: []\n');
  const { code, errors } = await start().exit;
  assert.equal(code, 1);
  assert.match(errors(), /^kubeconfig-invalid: .*has no context/);
});

test('why the cluster cannot be connected is told, and told again when it is another reason', async () => {
  const refusing = createHttpServer((_request, response) => response.writeHead(401).end('who are you?'));
  await once(refusing.listen(0, '127.0.0.1'), 'listening');
  const { port } = refusing.address() as AddressInfo;
  await new Promise((closed) => refusing.close(closed));
  const named = (kind: string, what: object) => ({ [`${kind}s`]: [{ name: 'c', [kind]: what }] });
  const config = {
    'current-context': 'c',
    ...named('context', { cluster: 'c', user: 'c' }),
    ...named('cluster', { server: `http://127.0.0.1:${port}` }),
    ...named('user', { token: 't' }),
  };
  writeFileSync(join(home, 'kubeconfig'), JSON.stringify(config));
  const { told } = start();
  await told(/^cluster-unreachable: The cluster at .* does not answer \(connect ECONNREFUSED/m);
  await once(refusing.listen(port, '127.0.0.1'), 'listening');
  await told(/^cluster-refused: .*401 who are you\?/m);
  refusing.close();
  refusing.closeAllConnections();
});
