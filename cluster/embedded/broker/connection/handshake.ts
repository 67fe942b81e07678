import { timingSafeEqual, hash } from 'node:crypto';
import { limits } from '../limits.ts';
import { decode, encodeMethod, methodId, type Table } from '../protocol/codec.ts';
import { ReplyError } from '../protocol/reply-error.ts';

export interface Credentials {
  user: string;
  password: string;
}

/** What both sides have agreed on. */
export interface Agreement {
  user: string;
  frameBytes: number;
  channels: number;
  /** 0 for none. */
  heartbeatSeconds: number;
  /** What the client says it can do. */
  capabilities: Table;
}

const capabilities = {
  ...{ publisher_confirms: true, exchange_exchange_bindings: true, 'basic.nack': true, per_consumer_qos: true },
  ...{ consumer_cancel_notify: true, 'connection.blocked': true, consumer_priorities: true },
  ...{ authentication_failure_close: true },
};
const properties = { product: 'Breakwater', platform: `Node ${process.versions.node}`, version: '0.1.0', capabilities };

/** start, start-ok, tune, tune-ok, open: a client says who it is before anything else. */
export class Handshake {
  #expected: 'ConnectionStartOk' | 'ConnectionTuneOk' | 'ConnectionOpen' = 'ConnectionStartOk';
  readonly #credentials: Credentials;
  readonly #virtualHost: string;
  readonly agreement: Agreement = {
    user: '',
    frameBytes: limits.frameBytes,
    channels: limits.channelsPerConnection,
    heartbeatSeconds: limits.heartbeatSeconds,
    capabilities: {},
  };

  constructor(credentials: Credentials, virtualHost: string) {
    this.#credentials = credentials;
    this.#virtualHost = virtualHost;
  }

  /** What the server begins with. */
  start(): Buffer {
    const start = { versionMajor: 0, versionMinor: 9, serverProperties: properties };
    return encodeMethod(methodId('ConnectionStart'), 0, {
      ...start,
      mechanisms: Buffer.from('PLAIN AMQPLAIN'),
      locales: Buffer.from('en_US'),
    });
  }

  /** The answer to a method, and whether the connection is open with it. Throws ReplyError: any ends the connection. */
  answer(id: number, fields: Table): { answer: Buffer | null; open: boolean } {
    if (id !== methodId(this.#expected)) {
      throw new ReplyError('COMMAND_INVALID', `expected ${this.#expected} in the handshake`);
    }
    if (this.#expected === 'ConnectionStartOk') return { answer: this.#login(fields), open: false };
    if (this.#expected === 'ConnectionTuneOk') return { answer: this.#tune(fields), open: false };
    if (fields.virtualHost !== this.#virtualHost)
      throw new ReplyError('NOT_ALLOWED', `vhost ${fields.virtualHost as string} not found`);
    return { answer: encodeMethod(methodId('ConnectionOpenOk'), 0, {}), open: true };
  }

  #login({ mechanism, response, clientProperties }: Table): Buffer {
    const given = readLogin(mechanism as string, response as Buffer);
    if (!given || !same(given.user, this.#credentials.user) || !same(given.password, this.#credentials.password)) {
      throw new ReplyError(
        'ACCESS_REFUSED',
        `Login was refused using authentication mechanism ${mechanism as string}.`,
      );
    }
    this.agreement.user = given.user;
    this.agreement.capabilities = ((clientProperties as Table).capabilities ?? {}) as Table;
    this.#expected = 'ConnectionTuneOk';
    const { channels, frameBytes, heartbeatSeconds } = this.agreement;
    return encodeMethod(methodId('ConnectionTune'), 0, {
      ...{ channelMax: channels, frameMax: frameBytes, heartbeat: heartbeatSeconds },
    });
  }

  #tune(fields: Table): null {
    const { channelMax, frameMax, heartbeat } = fields as Record<string, number>;
    const { agreement } = this;
    // 0 stands for no bound of the client's own.
    if (channelMax! > agreement.channels || frameMax! > agreement.frameBytes) {
      throw new ReplyError(
        'NOT_ALLOWED',
        `negotiated channel_max = ${channelMax}, frame_max = ${frameMax} are higher than the maximum allowed values (${agreement.channels}, ${agreement.frameBytes})`,
      );
    }
    if (frameMax! > 0 && frameMax! < limits.frameBytesBeforeLogin) {
      throw new ReplyError(
        'NOT_ALLOWED',
        `negotiated frame_max = ${frameMax} is lower than the minimum allowed value (${limits.frameBytesBeforeLogin})`,
      );
    }
    agreement.channels = channelMax! || agreement.channels;
    agreement.frameBytes = frameMax! || agreement.frameBytes;
    agreement.heartbeatSeconds = heartbeat!;
    this.#expected = 'ConnectionOpen';
    return null;
  }
}

/** PLAIN is RFC 4616 (identity NUL user NUL password), AMQPLAIN a table without its length. */
function readLogin(mechanism: string, response: Buffer): Credentials | null {
  if (mechanism === 'PLAIN') {
    const [, user, password] = response.toString().split('\0');
    return user === undefined || password === undefined ? null : { user, password };
  }
  if (mechanism !== 'AMQPLAIN') return null;
  // The codec reads a table as the headers of a content: a flag for them, and their length.
  const head = Buffer.from([0x20, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(response.length, 2);
  const { headers } = decode(60, Buffer.concat([head, response])) as { headers: Table };
  const { LOGIN: user, PASSWORD: password } = headers;
  return typeof user === 'string' && typeof password === 'string' ? { user, password } : null;
}

/** In a time that does not tell how much of it is right. */
export function same(given: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', right, 'buffer'));
}
