import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Pod } from '../../kinds/types.ts';
import { badRequest } from '../api-error.ts';
import type { NodeProxy } from '../api.ts';

/**
 * Each port has two channels, numbered in the order of the query's ports: 2n for its bytes, 2n + 1 for what went wrong. Every
 * message begins with its channel's number; the first on each channel is the port, 16 bits, little endian.
 */
const PROTOCOL = 'v4.channel.k8s.io';
/** Beyond this many bytes waiting for the client, the pod's side is paused. */
const HIGH_WATER = 1024 * 1024;

const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => PROTOCOL, perMessageDeflate: false });

/** Answers an upgrade of pods/<name>/portforward once checkPortForward has let it through. */
export function portForward(
  req: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  pod: Pod,
  ports: number[],
  nodes: NodeProxy,
): void {
  sockets.handleUpgrade(req, socket, head, (client) => {
    client.binaryType = 'nodebuffer';
    const channels = ports.map((port, index) => new ForwardedPort(client, index * 2, port));
    let open = channels.length;
    for (const channel of channels) {
      void channel.connect(pod, nodes).finally(() => {
        if (--open === 0) client.close();
      });
    }
    client.on('message', (data: Buffer) => channels[data[0]! >> 1]?.receive(data));
    client.on('close', () => channels.forEach((channel) => channel.end()));
    client.on('error', () => client.terminate());
  });
}

/**
 * The ports a request wants.
 *
 * @throws ApiError BadRequest
 */
export function checkPortForward(req: IncomingMessage, query: URLSearchParams): number[] {
  const offered = (req.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  if (!offered.includes(PROTOCOL)) {
    const offer = offered.filter(Boolean).join(', ') || req.headers.upgrade;
    throw badRequest(
      `this cluster serves port-forward over the WebSocket protocol ${PROTOCOL} alone, not over SPDY, which kubectl wants ` +
        `(the request offers ${offer}): use a client library that speaks it, such as PortForward of @kubernetes/client-node`,
    );
  }
  const ports = query
    .getAll('ports')
    .flatMap((value) => value.split(','))
    .map(Number);
  const valid = ports.every((port) => Number.isInteger(port) && port > 0 && port < 65536);
  if (ports.length === 0 || !valid) throw badRequest(`query parameter "ports" has to name ports from 1 to 65535`);
  return ports;
}

/** One port of the pod, on two channels of the client's socket. */
class ForwardedPort {
  readonly #client: WebSocket;
  readonly #channel: number;
  readonly #port: number;
  /** What the client sent before the pod answered. */
  #early: Buffer[] = [];
  #stream: Duplex | undefined;
  #ended = false;

  constructor(client: WebSocket, channel: number, port: number) {
    this.#client = client;
    this.#channel = channel;
    this.#port = port;
    const number = Buffer.from([port & 0xff, port >> 8]);
    this.#send(channel, number);
    this.#send(channel + 1, number);
  }

  /** Resolves when the connection to the pod has ended. */
  async connect(pod: Pod, nodes: NodeProxy): Promise<void> {
    try {
      const stream = await nodes.dial(pod, this.#port);
      if (this.#ended) {
        stream.destroy();
        return;
      }
      this.#stream = stream;
      for (const data of this.#early.splice(0)) stream.write(data);
      this.#client.resume();
      stream.on('data', (data: Buffer) => this.#toClient(stream, data));
      await new Promise<void>((resolve, reject) => {
        stream.on('error', reject);
        stream.on('close', resolve);
        // The pod has nothing more to say, and this protocol cannot tell the client half of a close.
        stream.on('end', () => stream.destroy());
      });
    } catch (error) {
      this.#client.resume();
      const { message } = error as Error;
      const { name } = pod.metadata;
      this.#send(this.#channel + 1, Buffer.from(`error forwarding port ${this.#port} to pod ${name}: ${message}`));
    }
  }

  receive(message: Buffer): void {
    if (message[0] !== this.#channel || this.#ended) return;
    const data = message.subarray(1);
    if (!this.#stream) {
      this.#early.push(data);
      this.#client.pause();
    } else if (!this.#stream.write(data)) {
      this.#client.pause();
      this.#stream.once('drain', () => this.#client.resume());
    }
  }

  end(): void {
    this.#ended = true;
    const stream = this.#stream;
    // What the client has sent still goes out; an answer that nobody reads must not keep the connection.
    stream?.end(() => stream.destroy());
  }

  #toClient(stream: Duplex, data: Buffer): void {
    this.#send(this.#channel, data, () => {
      if (stream.isPaused() && this.#client.bufferedAmount < HIGH_WATER) stream.resume();
    });
    if (this.#client.bufferedAmount > HIGH_WATER) stream.pause();
  }

  #send(channel: number, data: Buffer, sent?: () => void): void {
    if (this.#client.readyState !== this.#client.OPEN) return;
    this.#client.send(Buffer.concat([Buffer.of(channel), data]), sent);
  }
}
