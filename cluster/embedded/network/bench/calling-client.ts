/**
 * Calls one URL over keep-alive connections, one request at a time on each, for a while, then prints what it measured as
 * JSON. Speaks HTTP/1.1 by hand, so that the client is not what is measured. With `watch` it also prints its first call, and
 * every one that took long, as it ends. Usage: <host> <port> <connections> <milliseconds> [watch]
 */
import { connect } from 'node:net';

const [host = '', port = '', connections = '', milliseconds = '', watch] = process.argv.slice(2);
const REQUEST = Buffer.from(`GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
/** Ends every answer of the server: its body has no other length, and comes in one piece with its head. */
const ANSWER_END = 'ok';
const LONG_MS = 100;

const latencies: number[] = [];
const start = performance.now();
/** The first fifth warms up and is not counted. */
const countFrom = start + Number(milliseconds) / 5;
const until = start + Number(milliseconds);

await Promise.all(Array.from({ length: Number(connections) }, call));
latencies.sort((a, b) => a - b);
const percentile = (p: number) => Math.round((latencies[Math.floor((latencies.length * p) / 100)] ?? NaN) * 1000);
const requestsPerSecond = Math.round(latencies.length / ((until - countFrom) / 1000));
print({ requestsPerSecond, p50Us: percentile(50), p99Us: percentile(99) });

function call(): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    let isFirst = true;
    const socket = connect({ host, port: Number(port), noDelay: true });
    const send = () => {
      sentAt = performance.now();
      socket.write(REQUEST);
    };
    socket.setEncoding('latin1');
    socket.once('connect', send);
    socket.once('error', reject);
    socket.on('data', (text: unknown) => {
      if (!String(text).endsWith(ANSWER_END)) return;
      const now = performance.now();
      if (watch && (isFirst || now - sentAt > LONG_MS))
        print({ sentAt: wallClock(sentAt), answeredAt: wallClock(now) });
      else if (sentAt >= countFrom) latencies.push(now - sentAt);
      isFirst = false;
      if (now < until) return send();
      socket.end();
      resolve();
    });
  });
}

/** Unix time in ms with its fractions, to be compared between processes. */
function wallClock(now: number): number {
  return performance.timeOrigin + now;
}

function print(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
