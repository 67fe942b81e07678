import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { ClusterError, refused, unreachable } from './errors.ts';
import type { Requests } from './requests.ts';

/** Channel numbers of one forwarded port in v4.channel.k8s.io: bytes and, beside them, the words of an error. */
const dataChannel = 0;
const errorChannel = 1;
/** Each channel starts with its port as two bytes, so that several could share one socket. */
const portHeaderBytes = 2;
/** Beyond this many bytes waiting to be sent, writers have to wait. */
const highWaterMark = 64 * 1024;

/**
 * A connection to a port of a pod, carried by the API server. Ends when either side ends.
 * Throws ClusterError when the API server refuses or nobody listens on the port.
 */
export async function portForward(requests: Requests, namespace: string, pod: string, port: number): Promise<Duplex> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward`;
  const url = requests.url(path, { ports: String(port) });
  const httpUrl = url.href;
  url.protocol = url.protocol.replace('http', 'ws');
  const socket = new WebSocket(url, 'v4.channel.k8s.io', {
    ...((await requests.access.options()) as object),
    perMessageDeflate: false,
    handshakeTimeout: 5_000,
  });
  // Before it is open: the first messages come with the answer to the handshake.
  const forwarded = new ForwardedPort(socket, `${pod}:${port}`);
  const beforeHandover = () => undefined; // thrown below
  forwarded.on('error', beforeHandover);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (cause) => reject(unreachable(requests.access.server, cause)));
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => reject(refused(`GET ${new URL(httpUrl).pathname}`, response.statusCode ?? 0, body)));
    });
  });
  if (forwarded.errored) throw forwarded.errored;
  forwarded.off('error', beforeHandover);
  return forwarded;
}

class ForwardedPort extends Duplex {
  readonly #socket: WebSocket;
  readonly #place: string;
  #opened = false;
  readonly #headerLeft = [portHeaderBytes, portHeaderBytes];

  constructor(socket: WebSocket, place: string) {
    super({ allowHalfOpen: false, writableHighWaterMark: highWaterMark });
    this.#socket = socket;
    this.#place = place;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (message) => this.#take(message as Buffer));
    socket.on('close', () => {
      this.push(null);
      this.destroy();
    });
    socket.on('error', (cause) => {
      // Before it is open the caller of portForward is told.
      if (this.#opened) this.destroy(broken(place, cause.message, cause));
    });
    socket.once('open', () => (this.#opened = true));
  }

  #take(message: Buffer): void {
    const channel = message[0];
    if (channel !== dataChannel && channel !== errorChannel) return;
    const skip = Math.min(this.#headerLeft[channel] ?? 0, message.length - 1);
    this.#headerLeft[channel] = (this.#headerLeft[channel] ?? 0) - skip;
    const bytes = message.subarray(1 + skip);
    if (bytes.length === 0) return;
    if (channel === errorChannel) this.destroy(broken(this.#place, bytes.toString('utf8').trim()));
    else if (!this.push(bytes)) this.#socket.pause();
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    const message = Buffer.allocUnsafe(chunk.length + 1);
    message[0] = dataChannel;
    chunk.copy(message, 1);
    this.#socket.send(message, callback);
  }

  override _final(callback: () => void): void {
    this.#socket.close();
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#socket.terminate();
    callback(error);
  }

  /** node:http and pg treat what they get as a socket; there is nothing to tune on this one. */
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

function broken(place: string, reason: string, cause?: unknown): ClusterError {
  return new ClusterError('port-forward-broken', `The connection to ${place} broke: ${reason.replace(/\.$/, '')}.`, {
    cause,
  });
}
