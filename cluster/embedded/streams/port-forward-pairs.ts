import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SpdyConnection } from '../spdy/connection.ts';
import type { SpdyStream } from '../spdy/stream.ts';
import { ended } from './command-streams.ts';
import { keepHeartbeat } from './heartbeat.ts';

/** The protocol inside SPDY: for each connection a stream `error` and a stream `data`, which share a `requestID`. */
export const PORT_FORWARD_PROTOCOL = 'portforward.k8s.io';
/** As upstream: how long the second stream of a pair may be waited for. */
const PAIR_MS = 30_000;

/** A pod, and how to reach it. */
export interface ForwardTarget {
  name: string;
  uid: string;
  /** Opens a connection to one of its ports. */
  dial(port: number): Promise<Duplex>;
}

/** What the client is told of a port that could not be reached, in upstream's words. */
export function forwardingError({ name, uid }: ForwardTarget, port: number, cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const why = code === 'ECONNREFUSED' ? `dial tcp4 127.0.0.1:${port}: connect: connection refused` : message;
  return `error forwarding port ${port} to pod ${name}, uid ${uid}: failed to connect to localhost:${port} inside pod ${name}: ${why}`;
}

/**
 * Serves the connections that a client opens to ports of a pod, until it leaves.
 *
 * @param transport carries SPDY
 * @param socket what carries that
 */
export function servePortForward(transport: Duplex, socket: Duplex, target: ForwardTarget): void {
  const waiting = new Map<string, { stream: SpdyStream; timer: NodeJS.Timeout }>();
  const connection = new SpdyConnection(transport, 'server', (stream) => {
    const [type, port] = [stream.headers.get('streamtype'), Number(stream.headers.get('port'))];
    const isPort = Number.isInteger(port) && port > 0 && port < 65536;
    if (!isPort || (type !== 'error' && type !== 'data')) return void stream.destroy();
    const id = stream.headers.get('requestid') ?? `${type === 'error' ? stream.id : stream.id - 2}`;
    const other = waiting.get(id);
    if (!other) {
      const timer = setTimeout(() => {
        waiting.delete(id);
        stream.destroy();
      }, PAIR_MS);
      waiting.set(id, { stream, timer });
      return;
    }
    clearTimeout(other.timer);
    waiting.delete(id);
    if (other.stream.headers.get('streamtype') === type)
      return [stream, other.stream].forEach((each) => each.destroy());
    const [data, error] = type === 'data' ? [stream, other.stream] : [other.stream, stream];
    void forward(data, error, port, target);
  });
  keepHeartbeat(socket, () => connection.ping(), connection.traffic);
  void connection.closed.then(() => waiting.forEach(({ timer }) => clearTimeout(timer)));
}

/** Carries one connection; each way ends by itself. */
async function forward(data: SpdyStream, error: SpdyStream, port: number, target: ForwardTarget): Promise<void> {
  error.resume();
  try {
    const socket = await target.dial(port);
    // Whichever way breaks, pipeline ends both of its sides, and so the other way too. kubectl gives up altogether for what
    // stands on the error stream, so that a broken connection alone is not told there, as upstream.
    await Promise.allSettled([pipeline(data, socket), pipeline(socket, data)]);
    error.end();
  } catch (cause) {
    // The client hears of it before its connection ends.
    if (!error.destroyed) await ended(error.end(forwardingError(target, port, cause)));
    data.resume();
    data.end();
  }
}
