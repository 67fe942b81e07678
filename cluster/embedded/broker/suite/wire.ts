import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  decode,
  encodeMethod,
  encodeProperties,
  methodId,
  methodName,
  parseFrame,
  type Table,
} from '../protocol/codec.ts';

/** A client that says what no library would. */
export class Wire {
  readonly socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #ended = false;
  /** Something has come, or the end. */
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      this.#wake();
    });
    socket.on('error', () => {}); // it may be reset
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** Connected, and nothing said yet. */
  static async connect(url: string): Promise<Wire> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port || 5672), hostname);
    await once(socket, 'connect');
    return new Wire(socket);
  }

  /** Logged in, with channel 1 open. */
  static async open(url: string, { heartbeat = 0, frameMax = 8_192 } = {}): Promise<Wire> {
    const wire = await Wire.connect(url);
    const { username, password, pathname } = new URL(url);
    const response = Buffer.from(`\0${decodeURIComponent(username)}\0${decodeURIComponent(password)}`);
    wire.say(Buffer.from('AMQP\0\0\x09\x01', 'latin1'));
    await wire.hear('ConnectionStart');
    const clientProperties = { capabilities: { consumer_cancel_notify: true, authentication_failure_close: true } };
    wire.method(0, 'ConnectionStartOk', { clientProperties, mechanism: 'PLAIN', response, locale: 'en_US' });
    await wire.hear('ConnectionTune');
    wire.method(0, 'ConnectionTuneOk', { channelMax: 10, frameMax, heartbeat });
    wire.method(0, 'ConnectionOpen', { virtualHost: decodeURIComponent(pathname.slice(1)) || '/' });
    await wire.hear('ConnectionOpenOk');
    wire.method(1, 'ChannelOpen', {});
    await wire.hear('ChannelOpenOk');
    return wire;
  }

  say(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** A message of no byte. */
  publish(channel: number, fields: object): void {
    this.method(channel, 'BasicPublish', fields);
    this.say(encodeProperties(60, channel, 0, {}));
  }

  method(channel: number, name: string, fields: object): void {
    this.say(encodeMethod(methodId(name), channel, fields));
  }

  frame(type: number, channel: number, payload: Buffer): void {
    const head = Buffer.from([type, 0, channel, 0, 0, 0, 0]);
    head.writeUInt32BE(payload.length, 3);
    this.say(Buffer.concat([head, payload, Buffer.from([0xce])]));
  }

  /** Waits for a method; heartbeats and others before it are passed over. Rejects when the connection ends first. */
  async hear(name: string): Promise<Table> {
    for (;;) {
      const frame = await this.#next();
      if (frame.type !== 1) continue;
      const id = frame.payload.readUInt32BE(0);
      if (methodName(id) === name) return decode(id, frame.payload.subarray(4));
    }
  }

  /** Waits for a frame of a type. */
  async hearFrame(type: number): Promise<void> {
    while ((await this.#next()).type !== type);
  }

  /** Resolves with what came when the other side has ended the connection. */
  async ended(): Promise<Buffer> {
    while (!this.#ended) await this.#more();
    return this.#bytes;
  }

  close(): void {
    this.socket.destroy();
  }

  async #next() {
    for (;;) {
      const frame = parseFrame(this.#bytes, 0);
      if (frame) {
        this.#bytes = frame.rest;
        return frame;
      }
      if (this.#ended) throw new Error('the broker has ended the connection');
      await this.#more();
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}
