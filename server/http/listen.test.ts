import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createNetServer, Server, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { listen } from './listen.ts';

// Linux answers to all of 127.0.0.0/8: an address like any other, that nobody but this machine reaches.
const elsewhere = '127.0.0.2';
const skip = process.platform !== 'linux' && 'no second address here';

test('connections to the loopback are as those to the other address', { skip }, async (t) => {
  const listened = t.mock.method(Server.prototype, 'listen');
  const { close } = await listen(createServer(), elsewhere, 0);
  t.after(close);
  const ways = listened.mock.calls.map((call) => {
    const { allowHalfOpen, noDelay } = call.this as unknown as Record<string, unknown>;
    return { allowHalfOpen, noDelay };
  });
  assert.deepEqual(ways, Array(2).fill({ allowHalfOpen: true, noDelay: true }));
});

test('where any port will do, one that is taken at the other place is passed over', { skip }, async (t) => {
  const other = createNetServer().listen(0, elsewhere);
  t.after(() => other.close());
  await once(other, 'listening');
  const taken = (other.address() as AddressInfo).port;
  const real = Server.prototype.listen as (...parameters: unknown[]) => Server;
  let picked = 0;
  t.mock.method(Server.prototype, 'listen', function (this: Server, port: number, address: string) {
    return real.call(this, port === 0 && picked++ === 0 ? taken : port, address);
  });
  const server = createServer((_request, response) => response.end('an answer'));
  const { port, close } = await listen(server, elsewhere, 0);
  t.after(close);
  assert.deepEqual([picked, port === taken], [2, false]);
  for (const place of [elsewhere, '127.0.0.1']) {
    assert.equal(await (await fetch(`http://${place}:${port}`)).text(), 'an answer');
  }
});

test('a port that was asked for and is taken is refused, and nothing is left listening', { skip }, async (t) => {
  const other = createNetServer().listen(0, elsewhere);
  t.after(() => other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await assert.rejects(listen(createServer(), elsewhere, port), { code: 'EADDRINUSE', address: elsewhere });
  const again = createNetServer().listen(port, '127.0.0.1');
  await once(again, 'listening');
  again.close();
});
