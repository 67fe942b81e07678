import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { readEnvironment } from '../service/environment.ts';
import { serviceLog } from '../service/log.ts';
import { startBroker } from '../testing/running-broker.ts';
import { brokerOf } from './broker.ts';

test('a connection that breaks while it is set up is made anew, at whatever point it breaks', async (t) => {
  const running = await startBroker();
  const { hostname, port } = new URL(running.url);
  let made = 0;
  // The first connection breaks at the first thing that the client says, the second at the second ...
  const proxy = createServer((client) => {
    let left = ++made;
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) socket.on('error', () => undefined); // broken on purpose
    client.on('close', () => upstream.destroy());
    upstream.pipe(client);
    client.on('data', (bytes) => {
      if (left-- > 0 || made > breaks) upstream.write(bytes);
      else client.resetAndDestroy();
    });
  });
  const breaks = 8;
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(running.url);
  url.port = String((proxy.address() as AddressInfo).port);
  const connected = Promise.withResolvers<void>();
  const log = serviceLog('test', () => undefined);
  const broker = brokerOf(readEnvironment({ BROKER_URL: url.href }), log, async () => connected.resolve());
  t.after(async () => {
    await broker.close();
    proxy.close();
    await running.stop();
  });
  await broker.begin();
  await connected.promise;
  assert.equal(made, breaks + 1);
});
