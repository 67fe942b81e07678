import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket as TcpSocket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { Changes, PageEvents, ServerEvents, Show } from '../contract/stream.ts';
import { largeShop, type LargeShop } from './testing/large-shop.ts';
import { forgetPeak, residentMb, runStream, type RunningStream } from './testing/running-stream.ts';

const skip = process.platform !== 'linux' && 'resident memory is read from /proc';
const flood = 700;
/** At most so many pages from one address (sockets.ts). */
const mostPages = 300;
/** Tenths of a second that a flood is kept up. */
const turns = 30;

const nothing: Show = { members: [], series: [] };
const shown: Show = {
  members: ['cluster', 'customer', 'faults', 'ledger', 'load', 'marks', 'patterns', 'topology'],
  series: ['customer', 'gateway'],
};
/** As much as may be asked for: some 100 kB. */
const everything: Show = { ...shown, series: seriesOf(largeShop(16, 40)).slice(0, 32) };

describe(`${flood} sockets that do not read`, { skip }, () => {
  let stream: RunningStream;
  let resting: number;
  let reader: Socket<ServerEvents, PageEvents>;
  /** Of the last messages: what a page that has read them would say. */
  const numbers: number[] = [];

  before(async () => {
    stream = await runStream({ services: 16, edges: 40, rate: 20 });
    await stream.traffic.past(100);
    reader = io(stream.url, { transports: ['websocket'], reconnection: false, auth: { show: shown } });
    reader.on('changes', ({ number }) => {
      reader.emit('seen', number);
      numbers.push(number);
    });
    await nextFrames(8);
    resting = residentMb(stream.pid, 'VmRSS');
  });
  after(async () => {
    reader.disconnect();
    await stream.close();
  });

  const nextFrames = async (count: number) => {
    for (let i = 0; i < count; i++) await new Promise<Changes>((resolve) => reader.once('changes', resolve));
  };

  /** Keeps the flood up, and holds that memory stays bounded and a page that reads is told of the shop's changes. */
  async function withstood(again: () => void): Promise<void> {
    forgetPeak(stream.pid);
    for (let turn = 0; turn < turns; turn++) {
      again();
      await delay(100);
    }
    const most = residentMb(stream.pid, 'VmHWM');
    assert.ok(most < 2 * resting, `${most.toFixed(0)} MB, at rest ${resting.toFixed(0)} MB`);
    await nextFrames(4);
    assert.equal(stream.traffic.problem, null, 'telemetry is taken in meanwhile');
  }

  test('of pages, of which some say they had read all and want something else each time', async () => {
    const greedy = Array.from({ length: 100 }, () => page(stream.url));
    await Promise.all(greedy.map((each) => once(each, 'open')));
    const pages = [...greedy, ...Array.from({ length: flood - greedy.length }, () => page(stream.url))];
    await withstood(() => {
      const said = [
        ...numbers.slice(-6).map((number) => ['seen', number]),
        ...[nothing, everything].map((show) => ['show', show]),
      ];
      for (const each of greedy)
        if (each.readyState === WebSocket.OPEN) for (const one of said) each.send(`42${JSON.stringify(one)}`);
    });
    const { pages: left } = await stream.ask();
    assert.ok(left > 1 && left <= mostPages, `${left} pages at a time`);
    for (const each of pages) each.terminate();
  });

  test('of requests for the whole state, few or without number on each', async () => {
    const asking = Array.from({ length: flood }, (_, i) => ask(stream.url, i % 2 === 0 ? 8 : 500));
    await withstood(() => {});
    for (const each of asking) each.destroy();
  });
});

/** A page that says what it shows, and then reads nothing any more. */
function page(url: string): WebSocket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  socket.on('error', () => {}); // refused
  socket.on('open', () => {
    socket.send(`40${JSON.stringify({ show: shown })}`);
    socket.pause();
  });
  return socket;
}

/** Requests on one connection whose answers are not read. */
function ask(url: string, requests: number): TcpSocket {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname, () => {
    socket.write(`GET /api/state HTTP/1.1\r\nhost: ${host}\r\n\r\n`.repeat(requests));
    socket.pause();
  });
  socket.on('error', () => {}); // cut off
  return socket;
}

function seriesOf({ services, calls }: LargeShop): string[] {
  return [...services, ...[...calls].flatMap(([from, to]) => to.map((each) => `${from}>${each}`))];
}
