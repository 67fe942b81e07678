import { equal } from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { until } from '../testing/until.ts';
import { keepHeartbeat } from './heartbeat.ts';

const FOUR_HOURS_OF_BEATS = (4 * 3600) / 5;

/** A connection with a heartbeat whose clock is the test's, and its client. */
async function beating(t: TestContext) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  const closed = once(socket, 'close');
  t.after(async () => {
    client.destroy();
    socket.destroy();
    server.close();
    // The heart stops on the clock on which it beats.
    await closed;
  });
  socket.on('data', () => undefined);
  t.mock.timers.enable({ apis: ['setInterval'] });
  const traffic = { sent: 0, received: 0 };
  let greetings = 0;
  keepHeartbeat(socket, () => (greetings += 1), traffic);
  const beat = (times = 1) => t.mock.timers.tick(5000 * times);
  /** The client says something, greetings included; resolves when it has come. */
  const answer = async () => {
    const before = socket.bytesRead;
    client.write('x');
    await until('it has come', () => socket.bytesRead > before);
  };
  return { client, socket, traffic, beat, answer, greetings: () => greetings };
}

describe('the heartbeat of a connection', () => {
  it('leaves a client alone that answers', async (t) => {
    const { socket, beat, answer, greetings } = await beating(t);
    for (let round = 0; round < 40; round++) {
      beat();
      await answer();
    }
    equal(socket.destroyed, false);
    equal(greetings(), 40);
  });

  it('ends with a client that has not answered for 12 greetings', async (t) => {
    const { socket, beat, answer, greetings } = await beating(t);
    beat(11);
    await answer();
    beat(13);
    equal(socket.destroyed, false);
    beat();
    equal(socket.destroyed, true);
    await once(socket, 'close');
    beat(10);
    equal(greetings(), 24);
  });

  it('does not take a client for dead that may not have come to the greeting behind its output', async (t) => {
    const { socket, traffic, beat, answer } = await beating(t);
    traffic.sent += 1;
    beat(100);
    equal(socket.destroyed, false);
    // One answer may be to a greeting from before it, the next is not.
    await answer();
    beat();
    await answer();
    beat(14);
    equal(socket.destroyed, true);
  });

  it('does not count a silence that is ours: what the client has sent is not read', async (t) => {
    const { socket, client, beat } = await beating(t);
    socket.pause();
    client.write('x');
    await until('it waits', () => socket.readableLength > 0);
    beat(100);
    equal(socket.destroyed, false);
  });

  it('ends a connection that has carried nothing for four hours, however alive its client is', async (t) => {
    const { socket, traffic, beat, client } = await beating(t);
    socket.pause();
    client.write('x');
    await until('it waits', () => socket.readableLength > 0);
    beat(FOUR_HOURS_OF_BEATS - 1);
    traffic.received += 1;
    beat(FOUR_HOURS_OF_BEATS);
    equal(socket.destroyed, false);
    beat();
    equal(socket.destroyed, true);
  });
});
