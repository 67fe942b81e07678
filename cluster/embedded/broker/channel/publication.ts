import { limits } from '../limits.ts';
import { readProperties, type Content } from '../message.ts';
import { basicClass, type Properties } from '../protocol/codec.ts';
import { ReplyError } from '../protocol/reply-error.ts';

/** Fields of basic.publish. */
export interface Publish {
  exchange: string;
  routingKey: string;
  mandatory: boolean;
  immediate: boolean;
}

/** Bodies that are not complete yet, of all connections together. */
export interface Unfinished {
  bytes: number;
}

/** A message on its way in: the method, then a header, then as many bytes of body as the header says. */
export class Publication {
  readonly publish: Publish;
  properties: Properties = {};
  #header: Buffer | null = null;
  #size = 0;
  #body = Buffer.alloc(0);
  #have = 0;
  readonly #unfinished: Unfinished;

  constructor(publish: Publish, unfinished: Unfinished) {
    this.publish = publish;
    this.#unfinished = unfinished;
  }

  /** Throws ReplyError for a header that is out of place, cannot be read, or promises too much. */
  header(payload: Buffer): void {
    if (this.#header) throw new ReplyError('UNEXPECTED_FRAME', 'expected content body, got another content header');
    if (payload.length < 14) throw new ReplyError('SYNTAX_ERROR', 'a content header has at least 14 bytes');
    const classId = payload.readUInt16BE(0);
    if (classId !== basicClass) {
      throw new ReplyError(
        'UNEXPECTED_FRAME',
        `expected content header for class ${basicClass}, got one for class ${classId}`,
      );
    }
    const size = Number(payload.readBigUInt64BE(4));
    if (size > limits.messageBytes) {
      const bound = `larger than configured max size ${limits.messageBytes}`;
      throw new ReplyError('PRECONDITION_FAILED', `message size ${size} is ${bound}`);
    }
    if (this.#unfinished.bytes + size > limits.unfinishedBytes) {
      throw new ReplyError('RESOURCE_ERROR', 'too many large messages are being published at once');
    }
    this.#header = Buffer.from(payload.subarray(12));
    this.properties = readProperties(this.#header);
    this.#size = size;
    // All of it at once: parts would take what they like, a client may send a byte or none in each.
    this.#body = Buffer.allocUnsafe(size);
    this.#unfinished.bytes += size;
  }

  /** Throws ReplyError for bytes that are out of place. */
  body(payload: Buffer): void {
    if (!this.#header) throw new ReplyError('UNEXPECTED_FRAME', 'expected content header, got content body');
    if (this.#have + payload.length > this.#size) {
      throw new ReplyError('UNEXPECTED_FRAME', `the content body has more than the ${this.#size} bytes of its header`);
    }
    this.#have += payload.copy(this.#body, this.#have);
  }

  /** Null while something is missing. */
  complete(): Content | null {
    if (!this.#header || this.#have < this.#size) return null;
    const { exchange, routingKey } = this.publish;
    this.abandon();
    return { exchange, routingKey, properties: this.#header, body: this.#body };
  }

  /** It will not become complete, or is. */
  abandon(): void {
    if (this.#header) this.#unfinished.bytes -= this.#size;
    this.#size = 0;
  }
}
