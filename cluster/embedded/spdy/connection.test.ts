import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { SpdyConnection } from './connection.ts';
import { encodeFrame, FrameReader, type Frame } from './frames.ts';
import { HeaderWriter } from './header-block.ts';
import type { SpdyStream } from './stream.ts';

/** Both ends of a TCP connection. */
async function sockets(t: TestContext): Promise<[Socket, Socket]> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  const [accepted] = (await once(server, 'connection')) as [Socket];
  t.after(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return [client, accepted];
}

/** A client and a server that does `serve` with each stream. */
async function pair(t: TestContext, serve: (stream: SpdyStream) => void) {
  const [client, accepted] = await sockets(t);
  return {
    client: new SpdyConnection(client, 'client', () => undefined),
    server: new SpdyConnection(accepted, 'server', serve),
    accepted,
  };
}

const echo = (stream: SpdyStream) => void stream.pipe(stream);

describe('a connection of SPDY', () => {
  it('hands the server the headers of a stream', async (t) => {
    const { client } = await pair(t, (stream) => stream.end(stream.headers.get('port')));
    equal(await text(client.open(new Map([['port', '80']]))), '80');
  });

  it('carries many streams at once, each on its own', async (t) => {
    const { client } = await pair(t, echo);
    const answers = Array.from({ length: 200 }, (_, number) => {
      const stream = client.open(new Map());
      stream.end(`stream ${number} `.repeat(500));
      return text(stream);
    });
    deepEqual(
      await Promise.all(answers),
      answers.map((_, number) => `stream ${number} `.repeat(500)),
    );
  });

  it('ends one way and goes on the other', async (t) => {
    const { client } = await pair(t, (stream) => {
      void text(stream).then((heard) => stream.end(`heard ${heard}`));
    });
    const stream = client.open(new Map());
    stream.end('all of it');
    equal(await text(stream), 'heard all of it');
  });

  it('makes a writer wait for a reader that does not read', async (t) => {
    let held: SpdyStream | undefined;
    const { client } = await pair(t, (stream) => (held = stream));
    const stream = client.open(new Map());
    let [written, taken] = [0, 0];
    const piece = Buffer.alloc(2 ** 20);
    const pump = () => {
      while (written++ < 100) if (!stream.write(piece, () => (taken += 1))) return void stream.once('drain', pump);
      stream.end();
    };
    pump();
    await until(() => held !== undefined && held.readableLength >= 256 * 1024);
    equal(held!.readableLength < 2 ** 20, true, `${held!.readableLength} bytes wait for the reader`);
    equal(taken < 50, true, `${taken} MiB were taken`);
    equal((await buffer(held!)).length, 100 * 2 ** 20);
  });

  it('tells the other side of a reset', async (t) => {
    const { client } = await pair(t, (stream) => stream.once('data', () => stream.destroy()));
    const stream = client.open(new Map());
    stream.write('x');
    const [error] = (await once(stream, 'error')) as [Error & { code: string }];
    equal(error.code, 'ECONNRESET');
  });

  it('breaks its streams when it breaks', async (t) => {
    const { client, server, accepted } = await pair(t, () => undefined);
    const stream = client.open(new Map());
    await until(() => accepted.bytesRead > 0);
    accepted.destroy();
    await rejects(text(stream), /reset/);
    equal(await client.closed, undefined);
    equal(await server.closed, undefined);
  });

  it('hears no further from a peer that takes no answers', async () => {
    const [peer, transport] = duplexPair();
    const server = new SpdyConnection(transport, 'server', echo);
    const pings = Array.from({ length: 50_000 }, (_, index) => encodeFrame({ type: 'PING', id: 2 * index + 1 }));
    peer.write(Buffer.concat(pings.slice(0, 25_000)));
    peer.write(Buffer.concat(pings.slice(25_000)));
    await until(() => transport.writableNeedDrain);
    await new Promise((resolve) => setImmediate(resolve));
    equal(transport.writableLength < 100_000, true, `${transport.writableLength} bytes of answers wait`);
    // It does take them in the end.
    let taken = 0;
    peer.on('data', (data: Buffer) => (taken += data.length)).end();
    await server.closed;
    equal(taken, 50_000 * pings[0]!.length);
  });

  it('gives streams beyond the first few little room', async (t) => {
    const held: SpdyStream[] = [];
    const { client } = await pair(t, (stream) => held.push(stream));
    for (let opened = 0; opened < 65; opened++) client.open(new Map());
    await until(() => held.length === 65);
    deepEqual([held[0]!.readableHighWaterMark, held[64]!.readableHighWaterMark], [256 * 1024, 16 * 1024]);
  });

  it('ends when it breaks, also while nobody reads one of its streams', async (t) => {
    let held: SpdyStream | undefined;
    const { client, server, accepted } = await pair(t, (stream) => (held = stream));
    client.open(new Map()).write(Buffer.alloc(2 ** 21));
    await until(() => held !== undefined && held.readableLength >= 256 * 1024);
    accepted.destroy();
    equal(await server.closed, undefined);
  });

  it('greets the peer, and takes the answer', async (t) => {
    const { answers, socket, server } = await bare(t, echo);
    server.ping();
    deepEqual(await answers(1), [{ type: 'PING', id: 2 }]);
    socket.write(encodeFrame({ type: 'PING', id: 2 }));
    socket.write(encodeFrame({ type: 'PING', id: 7 }));
    deepEqual((await answers(2)).slice(1), [{ type: 'PING', id: 7 }]);
  });

  it('answers a ping, and passes over windows and settings', async (t) => {
    const { answers, socket } = await bare(t, echo);
    const frames: Frame[] = [
      { type: 'SETTINGS', values: [{ id: 7, value: 1 }] },
      { type: 'WINDOW_UPDATE', id: 1, delta: 1 },
      { type: 'PING', id: 7 },
    ];
    for (const frame of frames) socket.write(encodeFrame(frame));
    deepEqual(await answers(1), [{ type: 'PING', id: 7 }]);
  });

  it('refuses streams beyond its limit, and data for a stream that never was', async (t) => {
    const { answers, socket } = await bare(t, () => undefined);
    const headers = new HeaderWriter();
    for (let number = 0; number <= 1000; number++) {
      const block = headers.write(new Map());
      socket.write(encodeFrame({ type: 'SYN_STREAM', id: 2 * number + 1, fin: false, block }));
    }
    socket.write(encodeFrame({ type: 'DATA', id: 9999, fin: false, data: Buffer.from('x') }));
    const frames = await answers(1002);
    deepEqual(frames.slice(1000), [
      { type: 'RST_STREAM', id: 2001, status: 3 },
      { type: 'RST_STREAM', id: 9999, status: 2 },
    ]);
  });

  it('is ended, with the reason, by a peer that breaks the rules', async (t) => {
    const { answers, socket, server } = await bare(t, echo);
    socket.write(encodeFrame({ type: 'SYN_STREAM', id: 2, fin: false, block: new HeaderWriter().write(new Map()) }));
    deepEqual(await answers(1), [{ type: 'GOAWAY', lastId: 0, status: 1 }]);
    match((await server.closed)!.message, /SYN_STREAM with the number 2/);
  });

  it('survives any noise', async (t) => {
    const block = () => new HeaderWriter().write(new Map([['port', '80']]));
    const frame = fc.constantFrom(
      encodeFrame({ type: 'SYN_STREAM', id: 1, fin: false, block: block() }),
      encodeFrame({ type: 'SYN_REPLY', id: 1, fin: true, block: block() }),
      encodeFrame({ type: 'DATA', id: 1, fin: true, data: Buffer.from('hello') }),
      encodeFrame({ type: 'RST_STREAM', id: 1, status: 5 }),
      encodeFrame({ type: 'GOAWAY', lastId: 1, status: 0 }),
    );
    const noise = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
    const property = fc.asyncProperty(
      fc.array(fc.oneof({ weight: 3, arbitrary: frame }, { weight: 1, arbitrary: noise }), { maxLength: 8 }),
      async (parts) => {
        const [client, accepted] = await sockets(t);
        const server = new SpdyConnection(accepted, 'server', echo);
        client.on('error', () => undefined).resume();
        client.end(Buffer.concat(parts));
        await server.closed;
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});

/** A server, and a client that writes bytes of its own. */
async function bare(t: TestContext, serve: (stream: SpdyStream) => void) {
  const [socket, accepted] = await sockets(t);
  const server = new SpdyConnection(accepted, 'server', serve);
  const [reader, frames] = [new FrameReader(), [] as Frame[]];
  socket.on('data', (chunk: Buffer) => frames.push(...reader.read(chunk)));
  const answers = async (count: number) => {
    await until(() => frames.length >= count);
    return frames;
  };
  return { socket, server, answers };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}
