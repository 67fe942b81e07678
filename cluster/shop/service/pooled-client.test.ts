import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { eventually } from '../testing/eventually.ts';
import { NoAnswer } from './http-client.ts';
import { pooledClient } from './pooled-client.ts';
import { WaitingLine } from './waiting-line.ts';

describe('one pool of connections for two upstreams', () => {
  let slow: Server;
  let quick: Server;
  let held: ServerResponse[] = [];
  let connections = 0;
  before(async () => {
    slow = createServer((_request, response) => void held.push(response)).listen(0, '127.0.0.1');
    quick = createServer((_request, response) => response.end('quick')).listen(0, '127.0.0.1');
    quick.on('connection', () => (connections += 1));
    await Promise.all([once(slow, 'listening'), once(quick, 'listening')]);
  });
  after(() => {
    for (const server of [slow, quick]) {
      server.closeAllConnections();
      server.close();
    }
  });
  beforeEach(() => {
    held = [];
    connections = 0;
  });

  const url = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const holds = (count: number) => eventually(`${count} are held`, () => held.length === count || undefined);

  it('a slow upstream that holds all connections keeps requests to the other waiting, in line', async () => {
    const call = pooledClient(new WaitingLine(2));
    const waiting = [call({ method: 'GET', url: url(slow) }), call({ method: 'GET', url: url(slow) })];
    await holds(2);
    let answered = false;
    const other = call({ method: 'GET', url: url(quick) }).then((answer) => {
      answered = true;
      return answer;
    });
    const third = call({ method: 'GET', url: url(slow) });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([answered, connections], [false, 0]);
    held[0]!.end();
    assert.equal((await other).body.toString(), 'quick');
    await holds(3);
    held[1]!.end();
    held[2]!.end();
    await Promise.all([...waiting, third]);
  });

  it('idle connections to one upstream take no place from the other', async () => {
    const call = pooledClient(new WaitingLine(1));
    for (let round = 0; round < 3; round += 1) {
      await call({ method: 'GET', url: url(quick) });
      const other = call({ method: 'GET', url: url(slow) });
      await holds(round + 1);
      held[round]!.end();
      await other;
    }
    assert.equal(connections, 1, 'and are used again');
  });

  it('who gives up leaves the line at once, and frees its place when under way', async () => {
    const call = pooledClient(new WaitingLine(1));
    const [first, second] = [new AbortController(), new AbortController()];
    const underWay = call({ method: 'GET', url: url(slow), signal: first.signal });
    await holds(1);
    const waiting = call({ method: 'GET', url: url(slow), signal: second.signal });
    const last = call({ method: 'GET', url: url(quick) });
    second.abort(new Error('left the line'));
    await assert.rejects(waiting, /left the line/);
    first.abort(new Error('left the table'));
    await assert.rejects(underWay, /left the table/);
    assert.equal((await last).body.toString(), 'quick');
    assert.equal(held.length, 1, 'what left the line was never sent');
  });

  it("a call that gets no answer says so, with the system's code", async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const address = url(gone);
    gone.close();
    await once(gone, 'close');
    const error = await pooledClient(new WaitingLine(1))({ method: 'GET', url: address }).catch(
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof NoAnswer);
    assert.equal(error.code, 'ECONNREFUSED');
  });
});
