import type { Socket } from 'node:net';
import { Channel, type ChannelConnection } from '../channel/channel.ts';
import { methods } from '../channel/methods/index.ts';
import { Publication, type Publish, type Unfinished } from '../channel/publication.ts';
import { limits } from '../limits.ts';
import {
  decode,
  encodeMethod,
  heartbeatFrame,
  methodId,
  methodName,
  type Frame,
  type Table,
} from '../protocol/codec.ts';
import { FrameReader, frameType } from '../protocol/frames.ts';
import { ReplyError } from '../protocol/reply-error.ts';
import type { VirtualHost } from '../virtual-host.ts';
import { Handshake, type Agreement, type Credentials } from './handshake.ts';
import { Heartbeat } from './heartbeat.ts';

/** What a connection needs of the server. */
export interface ConnectionServer {
  readonly host: VirtualHost;
  readonly credentials: Credentials;
  readonly unfinished: Unfinished;
  /** Why publishers have to wait; null when they need not. */
  readonly alarm: string | null;
  closed(connection: Connection): void;
}

const protocolHeader = Buffer.from('AMQP\0\0\x09\x01', 'latin1');

const ids = {
  connectionClose: methodId('ConnectionClose'),
  connectionCloseOk: methodId('ConnectionCloseOk'),
  updateSecret: methodId('ConnectionUpdateSecret'),
  updateSecretOk: methodId('ConnectionUpdateSecretOk'),
  blocked: methodId('ConnectionBlocked'),
  unblocked: methodId('ConnectionUnblocked'),
  channelOpen: methodId('ChannelOpen'),
  channelOpenOk: methodId('ChannelOpenOk'),
  channelClose: methodId('ChannelClose'),
  channelCloseOk: methodId('ChannelCloseOk'),
  publish: methodId('BasicPublish'),
};

/** A channel, and what is on its way in on it. */
interface OpenChannel {
  channel: Channel;
  publication: Publication | null;
}

/** One client: reads its frames, hands them to its channels, and ends by the protocol's rules. */
export class Connection implements ChannelConnection {
  readonly host: VirtualHost;
  readonly channels = new Map<number, OpenChannel | 'closing'>();
  readonly #socket: Socket;
  readonly #server: ConnectionServer;
  readonly #handshake: Handshake;
  readonly #reader = new FrameReader(limits.frameBytesBeforeLogin);
  readonly #heartbeat = new Heartbeat();
  #state: 'header' | 'handshake' | 'open' | 'closing' | 'closed' = 'header';
  #begin = Buffer.alloc(0);
  #corked = false;
  #blocked = false;
  #deadline: NodeJS.Timeout;

  constructor(socket: Socket, server: ConnectionServer) {
    this.#socket = socket;
    this.#server = server;
    this.host = server.host;
    this.#handshake = new Handshake(server.credentials, server.host.name);
    this.#deadline = setTimeout(() => socket.destroy(), limits.handshakeMs).unref();
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('drain', () => this.#drained());
    socket.on('error', () => socket.destroy()); // 'close' follows
    socket.on('close', () => this.#end());
  }

  get agreement(): Agreement {
    return this.#handshake.agreement;
  }

  get user(): string {
    return this.agreement.user;
  }

  get frameBytes(): number {
    return this.agreement.frameBytes;
  }

  get isFlowing(): boolean {
    return this.#state === 'open' && this.#socket.writableLength < limits.unsentBytes;
  }

  get takesCancels(): boolean {
    return this.agreement.capabilities.consumer_cancel_notify === true;
  }

  /** What is sent in one turn goes out together. */
  send(frames: Buffer): void {
    if (this.#state === 'closed') return;
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(frames);
    this.#heartbeat.sent();
  }

  /** Asks the client to go. Does nothing for one that is going already. */
  close(error: ReplyError, method = 0): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    if (this.#state === 'header') return void this.#socket.destroy();
    this.send(encodeMethod(ids.connectionClose, 0, closeFields(error, method)));
    this.#state = 'closing';
    this.#release();
    this.#socket.resume();
    this.#endWithin(limits.closeMs);
  }

  /** Publishers may go on. */
  unblock(): void {
    if (!this.#blocked) return;
    this.#blocked = false;
    if (this.#toldOfBlocking) this.send(encodeMethod(ids.unblocked, 0, {}));
    this.#goOnReading();
  }

  get #toldOfBlocking(): boolean {
    return this.agreement.capabilities['connection.blocked'] === true;
  }

  #block(reason: string): void {
    if (this.#blocked) return;
    this.#blocked = true;
    if (this.#toldOfBlocking) this.send(encodeMethod(ids.blocked, 0, { reason }));
    this.#socket.pause();
  }

  #goOnReading(): void {
    if (this.#blocked || !this.#socket.isPaused()) return;
    this.#socket.resume();
    this.#take(Buffer.alloc(0)); // what has been read already
  }

  #take(bytes: Buffer): void {
    if (this.#state === 'closed') return;
    this.#heartbeat.received();
    const rest = this.#state === 'header' ? this.#readHeader(bytes) : bytes;
    if (!rest) return;
    try {
      this.#reader.push(rest, (frame) => {
        this.#frame(frame);
        if (this.#state === 'open' && this.#socket.writableLength >= limits.unreadBytes) this.#socket.pause();
        return this.#state !== 'closed' && !this.#socket.isPaused();
      });
    } catch (error) {
      this.close(asReplyError(error));
    }
  }

  /** What comes behind the protocol header; null until it is there, and for another protocol. */
  #readHeader(bytes: Buffer): Buffer | null {
    this.#begin = Buffer.concat([this.#begin, bytes]);
    const given = this.#begin.subarray(0, protocolHeader.length);
    if (!protocolHeader.subarray(0, given.length).equals(given)) {
      this.#socket.end(protocolHeader); // which one is spoken here (AMQP 0-9-1, 4.2.2)
      this.#endWithin(limits.closeMs);
      this.#state = 'closed';
      return null;
    }
    if (given.length < protocolHeader.length) return null;
    this.#state = 'handshake';
    this.send(this.#handshake.start());
    return this.#begin.subarray(protocolHeader.length);
  }

  #frame(frame: Frame): void {
    let method = 0;
    try {
      if (frame.type === frameType.method) {
        if (frame.payload.length < 4) throw new ReplyError('SYNTAX_ERROR', 'a method frame has at least 4 bytes');
        method = frame.payload.readUInt32BE(0);
      }
      if (this.#state === 'closing') this.#whileClosing(method);
      else if (frame.type === frameType.heartbeat) this.#requireChannelZero(frame);
      else if (frame.channel === 0) this.#connectionMethod(method, frame);
      else if (this.#state !== 'open') throw new ReplyError('CHANNEL_ERROR', 'the connection is not open yet');
      else this.#channelFrame(method, frame);
    } catch (error) {
      const reply = asReplyError(error);
      if (reply.closes === 'connection' || !(this.channels.get(frame.channel) instanceof Object))
        return this.close(reply, method);
      this.#closeChannel(frame.channel, reply, method);
    }
  }

  #requireChannelZero({ channel }: Frame): void {
    if (channel !== 0) throw new ReplyError('FRAME_ERROR', `a heartbeat on channel ${channel}`);
  }

  #whileClosing(method: number): void {
    if (method === ids.connectionClose) this.send(encodeMethod(ids.connectionCloseOk, 0, {}));
    else if (method !== ids.connectionCloseOk) return;
    this.#state = 'closed';
    this.#socket.end();
  }

  #connectionMethod(method: number, { type, payload }: Frame): void {
    if (type !== frameType.method)
      throw new ReplyError('UNEXPECTED_FRAME', 'channel 0 carries methods of the connection only');
    const fields = decodeFields(method, payload);
    if (method === ids.connectionClose) {
      this.send(encodeMethod(ids.connectionCloseOk, 0, {}));
      this.#state = 'closed';
      this.#release();
      this.#socket.end();
      this.#endWithin(limits.closeMs);
    } else if (this.#state === 'handshake') {
      const { answer, open } = this.#handshake.answer(method, fields);
      if (answer) this.send(answer);
      if (open) this.#open();
    } else if (method === ids.updateSecret) {
      this.send(encodeMethod(ids.updateSecretOk, 0, {})); // the password is its own secret
    } else {
      throw new ReplyError('COMMAND_INVALID', `${methodName(method)} has no place on channel 0 of an open connection`);
    }
  }

  #open(): void {
    clearTimeout(this.#deadline);
    this.#state = 'open';
    this.#reader.maximum = this.agreement.frameBytes;
    this.#heartbeat.start(this.agreement.heartbeatSeconds, {
      beat: () => this.send(heartbeatFrame),
      isHeard: () => !this.#blocked,
      silent: () => this.#socket.destroy(),
    });
  }

  #channelFrame(method: number, frame: Frame): void {
    const { type, channel: number, payload } = frame;
    const open = this.channels.get(number);
    if (open === 'closing') return this.#onClosingChannel(number, method);
    if (!open) return this.#openChannel(number, method);
    if (type === frameType.method) this.#channelMethod(open, method, payload);
    else this.#content(open, frame);
  }

  #onClosingChannel(number: number, method: number): void {
    if (method === ids.channelClose) this.send(encodeMethod(ids.channelCloseOk, number, {}));
    if (method === ids.channelCloseOk) this.channels.delete(number);
  }

  #openChannel(number: number, method: number): void {
    if (method !== ids.channelOpen)
      throw new ReplyError('CHANNEL_ERROR', `expected 'channel.open' on channel ${number}`);
    if (number > this.agreement.channels) {
      throw new ReplyError(
        'NOT_ALLOWED',
        `channel ${number} is above the negotiated channel_max ${this.agreement.channels}`,
      );
    }
    this.channels.set(number, { channel: new Channel(number, this), publication: null });
    this.send(encodeMethod(ids.channelOpenOk, number, {}));
  }

  #channelMethod(open: OpenChannel, method: number, payload: Buffer): void {
    const { channel } = open;
    if (open.publication) throw new ReplyError('UNEXPECTED_FRAME', 'expected content header or body, got a method');
    const fields = decodeFields(method, payload);
    if (method === ids.publish) {
      open.publication = this.#beginPublication(fields as unknown as Publish);
    } else if (method === ids.channelClose) {
      this.channels.delete(channel.number);
      channel.close();
      this.send(encodeMethod(ids.channelCloseOk, channel.number, {}));
    } else if (method === ids.channelOpen) {
      throw new ReplyError('CHANNEL_ERROR', `channel ${channel.number} is open already`);
    } else {
      const run = methods.get(method);
      if (!run) throw new ReplyError('NOT_IMPLEMENTED', `${methodName(method)}`);
      run(channel, fields as never);
    }
  }

  #beginPublication(publish: Publish): Publication {
    if (publish.immediate) throw new ReplyError('NOT_IMPLEMENTED', 'immediate=true');
    const { definition } = this.host.exchange(publish.exchange);
    if (definition.internal) {
      throw new ReplyError(
        'ACCESS_REFUSED',
        `cannot publish to internal exchange '${definition.name}' in vhost '${this.host.name}'`,
      );
    }
    return new Publication(publish, this.#server.unfinished);
  }

  #content(open: OpenChannel, { type, payload }: Frame): void {
    const { publication, channel } = open;
    if (type !== frameType.header && type !== frameType.body)
      throw new ReplyError('FRAME_ERROR', `unknown frame type ${type}`);
    if (!publication) throw new ReplyError('UNEXPECTED_FRAME', 'expected a method, got content');
    if (type === frameType.header) publication.header(payload);
    else publication.body(payload);
    const content = publication.complete();
    if (!content) return;
    open.publication = null;
    const { userId } = publication.properties;
    if (userId !== undefined && userId !== this.user) {
      throw new ReplyError(
        'PRECONDITION_FAILED',
        `user_id property set to '${userId}' but authenticated user was '${this.user}'`,
      );
    }
    channel.publish(content, publication.properties, publication.publish.mandatory);
    if (this.#server.alarm !== null) this.#block(this.#server.alarm);
  }

  #closeChannel(number: number, error: ReplyError, method: number): void {
    const open = this.channels.get(number) as OpenChannel;
    this.send(encodeMethod(ids.channelClose, number, closeFields(error, method)));
    this.channels.set(number, 'closing');
    open.publication?.abandon();
    open.channel.close();
  }

  /** The client has taken all that it was sent. */
  #drained(): void {
    this.#heartbeat.received();
    this.#goOnReading();
    for (const open of this.channels.values()) {
      if (open !== 'closing') for (const { queue } of open.channel.consumers.values()) queue.dispatch();
    }
  }

  /** Gives back what it holds. */
  #release(): void {
    this.#heartbeat.stop();
    for (const open of this.channels.values()) {
      if (open === 'closing') continue;
      open.publication?.abandon();
      open.channel.close();
    }
    this.channels.clear();
    for (const queue of [...this.host.queues.values()]) if (queue.owner === this) this.host.removeQueue(queue);
  }

  #endWithin(ms: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#socket.destroy(), ms).unref();
  }

  #end(): void {
    clearTimeout(this.#deadline);
    this.#state = 'closed';
    this.#release();
    this.#server.closed(this);
  }
}

function decodeFields(method: number, payload: Buffer): Table {
  if (methodName(method) === null) {
    throw new ReplyError('COMMAND_INVALID', `there is no method ${method & 0xffff} of class ${method >>> 16}`);
  }
  try {
    return decode(method, payload.subarray(4));
  } catch (cause) {
    throw new ReplyError('SYNTAX_ERROR', `${methodName(method)} cannot be decoded: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function closeFields({ code, message }: ReplyError, method: number): object {
  // A short string: up to 255 bytes.
  const replyText = Buffer.from(message)
    .subarray(0, 255)
    .toString()
    .replace(/\ufffd$/, '');
  return { replyCode: code, replyText, classId: method >>> 16, methodId: method & 0xffff };
}

/** An error of our own is no fault of the client's; it is told that much. */
function asReplyError(error: unknown): ReplyError {
  if (error instanceof ReplyError) return error;
  console.error(error);
  return new ReplyError('INTERNAL_ERROR', 'the broker failed; its log says why', { cause: error });
}
