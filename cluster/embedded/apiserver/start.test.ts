import { deepEqual, equal, match, notEqual, rejects } from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startApiServer } from './start.ts';
import { emptyNode } from './testing/test-server.ts';

function folder(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'breakwater-start-'));
  t.after(() => rmSync(home, { recursive: true }));
  return home;
}

const start = (home: string, port?: number) => startApiServer({ home, nodeProxy: emptyNode, port });

describe('starting the API server again', () => {
  it('keeps objects, port, certificate and token: the kubeconfig stays the same', async (t) => {
    const home = folder(t);
    const first = await start(home);
    await first.api.create('Namespace', { metadata: { name: 'shop' } });
    const kubeconfig = readFileSync(first.kubeconfig, 'utf8');
    equal(statSync(first.kubeconfig).mode & 0o777, 0o600);
    await first.close();
    const second = await start(home);
    t.after(() => second.close());
    equal(readFileSync(second.kubeconfig, 'utf8'), kubeconfig);
    equal((await second.api.get('Namespace', 'shop')).status?.phase, 'Active');
  });

  it('takes another port when its own is taken', async (t) => {
    const home = folder(t);
    const first = await start(home);
    await first.close();
    const port = Number(new URL(first.url).port);
    const squatter = createServer().listen(port, '127.0.0.1');
    t.after(() => squatter.close());
    await once(squatter, 'listening');
    const second = await start(home);
    t.after(() => second.close());
    notEqual(second.url, first.url);
    match(readFileSync(second.kubeconfig, 'utf8'), new RegExp(second.url));
    await rejects(start(folder(t), port), { code: 'PortUnavailable', message: /choose another port/ });
  });

  it('makes new certificates when the old ones are unusable, and keeps the token', async (t) => {
    const home = folder(t);
    await (await start(home)).close();
    const token = readFileSync(join(home, 'apiserver/token'), 'utf8');
    writeFileSync(join(home, 'apiserver/ca.crt'), 'half a certif');
    t.mock.method(console, 'warn', () => {});
    const second = await start(home);
    t.after(() => second.close());
    match(readFileSync(second.kubeconfig, 'utf8'), new RegExp(token));
    deepEqual(statSync(join(home, 'apiserver/server.key')).mode & 0o777, 0o600);
  });

  it('says which database is broken', async (t) => {
    const home = folder(t);
    await (await start(home)).close();
    writeFileSync(join(home, 'apiserver/cluster.db'), 'x'.repeat(5000));
    await rejects(start(home), { code: 'DatabaseBroken', message: /cluster\.db.*move it away/ });
  });
});
