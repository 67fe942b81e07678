import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { keepHeartbeat, type Traffic } from './heartbeat.ts';
import { forwardingError, type ForwardTarget } from './port-forward-pairs.ts';
import type { Upgrade } from './upgrade.ts';
import { acceptWebSocket, CLOSE_MS } from './websocket.ts';

/**
 * Each port has two channels, numbered in the order of the query's ports: 2n for its bytes, 2n + 1 for what went wrong. Every
 * message begins with its channel's number; the first on each channel is the port, 16 bits, little endian. Client libraries
 * speak it; kubectl does not.
 */
export const PORT_CHANNELS_PROTOCOL = 'v4.channel.k8s.io';
/** Beyond this many bytes waiting for the client, the pod's side is paused. */
const HIGH_WATER = 1024 * 1024;
/** A channel's number is one byte. */
export const PORTS_LIMIT = 128;

/** Carries one connection to each of the ports, for a request that has offered PORT_CHANNELS_PROTOCOL. */
export async function forwardChannels(upgrade: Upgrade, target: ForwardTarget, ports: number[]): Promise<void> {
  const client = new Client(await acceptWebSocket(upgrade, PORT_CHANNELS_PROTOCOL));
  keepHeartbeat(upgrade.socket, () => client.socket.ping(), client.traffic);
  const channels = ports.map((port, index) => new ForwardedPort(client, index * 2, port));
  let open = channels.length;
  for (const channel of channels) {
    void channel.connect(target).finally(() => {
      if (--open === 0) client.socket.close();
    });
  }
  client.socket.on('message', (data: Buffer) => {
    client.traffic.received += 1;
    channels[data[0]! >> 1]?.receive(data);
  });
  client.socket.on('close', () => channels.forEach((channel) => channel.end()));
}

/** The socket that all ports share. */
class Client {
  readonly socket: WebSocket;
  readonly traffic: Traffic = { sent: 0, received: 0 };
  /** Ports whose pod does not take what has come. */
  readonly #full = new Set<ForwardedPort>();

  constructor(socket: WebSocket) {
    this.socket = socket;
  }

  /** Hears the client no further until all ports that are full have room. */
  hold(port: ForwardedPort): void {
    this.#full.add(port);
    this.socket.pause();
  }

  release(port: ForwardedPort): void {
    if (this.#full.delete(port) && this.#full.size === 0) this.socket.resume();
  }

  send(channel: number, data: Buffer, sent?: () => void): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.traffic.sent += 1;
    this.socket.send(Buffer.concat([Buffer.of(channel), data]), sent);
  }
}

/** One port of the pod, on two channels of the client's socket. */
class ForwardedPort {
  readonly #client: Client;
  readonly #channel: number;
  readonly #port: number;
  /** What the client sent before the pod answered. */
  #early: Buffer[] = [];
  #stream: Duplex | undefined;
  #ended = false;

  constructor(client: Client, channel: number, port: number) {
    this.#client = client;
    this.#channel = channel;
    this.#port = port;
    const number = Buffer.from([port & 0xff, port >> 8]);
    client.send(channel, number);
    client.send(channel + 1, number);
  }

  /** Resolves when the connection to the pod has ended. */
  async connect(target: ForwardTarget): Promise<void> {
    try {
      const stream = await target.dial(this.#port);
      if (this.#ended) {
        stream.destroy();
        return;
      }
      this.#stream = stream;
      stream.on('drain', () => this.#client.release(this));
      for (const data of this.#early.splice(0)) stream.write(data);
      if (!stream.writableNeedDrain) this.#client.release(this);
      stream.on('data', (data: Buffer) => this.#toClient(stream, data));
      await new Promise<void>((resolve, reject) => {
        stream.on('error', reject);
        stream.on('close', resolve);
        // The pod has nothing more to say, and this protocol cannot tell the client half of a close.
        stream.on('end', () => stream.destroy());
      });
    } catch (error) {
      this.#client.send(this.#channel + 1, Buffer.from(forwardingError(target, this.#port, error)));
    }
    // What still comes for it is for nobody.
    this.#ended = true;
    this.#early = [];
    this.#client.release(this);
  }

  receive(message: Buffer): void {
    if (message[0] !== this.#channel || this.#ended) return;
    const data = message.subarray(1);
    if (!this.#stream) this.#early.push(data);
    if (!this.#stream?.write(data)) this.#client.hold(this);
  }

  end(): void {
    this.#ended = true;
    const stream = this.#stream;
    if (!stream || stream.destroyed) return;
    // What the client has sent still goes out; an answer that nobody reads must not keep the connection, nor a pod that does not read.
    const timer = setTimeout(() => stream.destroy(), CLOSE_MS);
    stream.once('close', () => clearTimeout(timer));
    stream.end(() => stream.destroy());
  }

  #toClient(stream: Duplex, data: Buffer): void {
    this.#client.send(this.#channel, data, () => {
      if (stream.isPaused() && this.#client.socket.bufferedAmount < HIGH_WATER) stream.resume();
    });
    if (this.#client.socket.bufferedAmount > HIGH_WATER) stream.pause();
  }
}
