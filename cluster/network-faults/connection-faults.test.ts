import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { until } from '../embedded/testing/until.ts';
import { acting, Relay } from './testing/relay.ts';

async function called(t: TestContext, callee: Server) {
  const relay = await Relay.before(t, callee);
  const open = async () => {
    const socket = connect({ port: relay.port, host: '127.0.0.1' }).setNoDelay(true);
    t.after(() => socket.destroy());
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  return { relay, open };
}

const echoing = () => createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));

async function answerTo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  return String(((await once(socket, 'data')) as [Buffer])[0]);
}

test('bandwidth: what is sent at once arrives bit by bit, and as late as the pipe is narrow', async (t) => {
  const { relay, open } = await called(
    t,
    createServer((socket) => {
      socket.once('data', () => socket.end(Buffer.alloc(30_000)));
    }),
  );
  const narrow = acting({ type: 'bandwidth', attributes: { kilobytesPerSecond: 100 } });
  relay.set(narrow);
  const socket = await open();
  const since = performance.now();
  socket.write('all of it, please');
  const arrivals: number[] = [];
  let bytes = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    arrivals.push(performance.now() - since);
  }
  assert.equal(bytes, 30_000);
  assert.ok(arrivals.at(-1)! >= 295, `all after ${arrivals.at(-1)} ms`);
  assert.ok(arrivals[0]! < 200 && arrivals.length > 5, 'the first of it long before the last');
  assert.equal(narrow.counts.delayed, 1);
});

test('loss: a packet that is lost costs the time after which TCP sends again', async (t) => {
  const { relay, open } = await called(t, echoing());
  const socket = await open();
  const lossy = acting({ type: 'loss', attributes: { percent: 30 } });
  relay.set(lossy);
  const times: number[] = [];
  for (let i = 0; i < 100 && (lossy.counts.delayed === 0 || times.length === lossy.counts.delayed); i++) {
    const since = performance.now();
    await answerTo(socket, 'x');
    times.push(performance.now() - since);
  }
  const stalled = times.filter((ms) => ms >= 200);
  assert.equal(stalled.length, lossy.counts.delayed);
  assert.ok(stalled.length > 0 && times.length > stalled.length, times.join(' '));
});

test('reset: both ends see it, and the callee has heard of the call only where its answer is cut', async (t) => {
  let heard = 0;
  const ends: string[] = [];
  const callee = createServer((socket) => {
    socket.on('error', (error: NodeJS.ErrnoException) => ends.push(error.code!));
    socket.on('data', () => {
      heard += 1;
      socket.write('done');
    });
  });
  const { relay, open } = await called(t, callee);
  for (const answeredPercent of [0, 100]) {
    const socket = await open();
    relay.set();
    assert.equal(await answerTo(socket, 'x'), 'done');
    const cutting = acting({ type: 'reset', attributes: { percent: 100, answeredPercent } });
    relay.set(cutting);
    const before = heard;
    socket.write('x');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
    assert.equal(heard - before, answeredPercent / 100);
    assert.equal(cutting.counts.dropped, 1);
  }
  await until('the callee has seen both', () => ends.length === 2);
  assert.deepEqual(ends, ['ECONNRESET', 'ECONNRESET']);
});

test('hang: a new connection is made and takes bytes, a live one is silent, and both go on when it is over', async (t) => {
  const { relay, open } = await called(t, echoing());
  const live = await open();
  assert.equal(await answerTo(live, 'a'), 'a');
  const hanging = acting({ type: 'hang', attributes: {} });
  relay.set(hanging);
  const fresh = await open();
  const answers = Promise.all([answerTo(live, 'b'), answerTo(fresh, 'c')]);
  await until('both calls are held', () => hanging.counts.delayed === 2);
  assert.equal(live.bytesRead + fresh.bytesRead, 1);
  relay.set();
  assert.deepEqual(await answers, ['b', 'c']);
});

test('partition: what is connected hangs, and heals', async (t) => {
  const { relay, open } = await called(t, echoing());
  const socket = await open();
  assert.equal(await answerTo(socket, 'a'), 'a');
  const parting = acting({ type: 'partition', attributes: {} });
  relay.set(parting);
  const answer = answerTo(socket, 'b');
  await until('the call is held', () => parting.counts.delayed === 1);
  relay.set();
  assert.equal(await answer, 'b');
});

test('slow close: the end comes late, and nothing else does', async (t) => {
  let ended = 0;
  const callee = createServer((socket) => {
    socket.on('data', (chunk) => socket.write(chunk)).once('end', () => (ended = performance.now()));
  });
  const { relay, open } = await called(t, callee);
  relay.set(acting({ type: 'slow-close', attributes: { delayMs: 200 } }));
  const socket = await open();
  const since = performance.now();
  assert.equal(await answerTo(socket, 'x'), 'x');
  const answered = performance.now() - since;
  socket.end();
  await until('the callee has heard of it', () => ended > 0);
  assert.ok(ended - since >= answered + 199 && answered < 150, `${answered} ms, then ${ended - since} ms`);
});
