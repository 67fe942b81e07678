import { HttpMessages, type HttpMessage, type HttpPart } from './http-messages.ts';

/** Some bytes of the caller on their way. */
export interface Outbound {
  bytes: Buffer;
  /** A request begins with them. */
  isRequest: boolean;
  /** They have come to the callee: what it is to get of them, if anything. */
  arrive(): Buffer | null;
}

/** A request that has come to the callee, or was answered in its place, and whose answer has not gone back yet. */
type Awaited = { method: string } | { answer: Buffer; keepAlive: boolean };

export interface HttpExchangeOptions {
  /** The status that a request is answered with, as it comes to the callee; null where the callee answers. */
  statusFor: () => number | null;
  /** It is the turn of an answer in place of the callee's. */
  answer: (answer: Buffer, keepAlive: boolean) => void;
  /** The callee has answered a request. */
  onAnswered: (status: number) => void;
  /** The connection carries something else than HTTP/1.1. */
  onOther: () => void;
}

/**
 * The requests and answers of one connection, as faults on HTTP need them:
 *
 *   caller ═▶ requestBytes: where does a request begin? ═▶ (line) ═▶ arrive: callee, or an answer in its place
 *          ◀═ the answers, in the order of the requests ◀═ answerBytes: where does an answer end?   ◀═ callee
 *
 * A connection that stood before is joined where a request begins. What is no HTTP goes through as it is.
 */
export class HttpExchange {
  readonly #options: HttpExchangeOptions;
  #requests: HttpMessages | null = null;
  #answers: HttpMessages | null = null;
  readonly #awaited: Awaited[] = [];
  /** What becomes of the request that comes in: the status it is answered with, or null. */
  readonly #statuses = new Map<HttpMessage, number | null>();
  /** Requests that are on their way to the callee. */
  #underway = 0;
  #isOther = false;
  #told = false;

  constructor(options: HttpExchangeOptions) {
    this.#options = options;
  }

  /** Nothing is open: it may be taken away, and another may join later. */
  get idle(): boolean {
    if (this.#isOther) return true;
    return (this.#requests?.between ?? true) && this.#underway === 0 && this.#awaited.length === 0;
  }

  /** @param begins these are the first bytes since the callee was heard of */
  requestBytes(chunk: Buffer, begins: boolean): Outbound[] {
    if (!this.#requests && begins && !this.#isOther) {
      if (HttpMessages.mayBegin(chunk)) this.#requests = new HttpMessages('REQUEST');
      else this.#tellOther();
    }
    if (!this.#requests) return [asItIs(chunk)];
    const { parts, rest } = this.#requests.cut(chunk);
    const outbound = parts.map((part) => this.#outbound(part));
    if (rest === null) return outbound;
    // It was no HTTP after all; or the callee is asked for another protocol.
    if (!parts.at(-1)?.message.upgrade) this.#tellOther();
    this.#isOther = true;
    return rest.length > 0 ? [...outbound, asItIs(rest)] : outbound;
  }

  /** The caller ends: what was kept of a head that is not whole. */
  lastBytes(): Buffer[] {
    return this.#requests?.giveUp() ?? [];
  }

  /** Bytes of the callee, as they may go back; answers in its place are given in between. */
  answerBytes(chunk: Buffer, pass: (bytes: Buffer) => void): void {
    if (!this.#answers) return pass(chunk);
    const { parts, rest } = this.#answers.cut(chunk);
    for (const { bytes, message, ends } of parts) {
      pass(bytes);
      // 100 Continue and its like come before the answer.
      if (ends && (message.status >= 200 || message.upgrade)) this.#answered(message.status);
    }
    if (rest === null) return;
    this.#isOther = true;
    this.#answers = null;
    if (rest.length > 0) pass(rest);
  }

  /** The callee ends: what was kept of a head that is not whole. */
  lastAnswerBytes(): Buffer[] {
    return this.#answers?.giveUp() ?? [];
  }

  #outbound({ bytes, message, begins, ends }: HttpPart): Outbound {
    if (begins) this.#underway += 1;
    return { bytes, isRequest: begins, arrive: () => this.#arrived(bytes, message, begins, ends) };
  }

  #arrived(bytes: Buffer, message: HttpMessage, begins: boolean, ends: boolean): Buffer | null {
    if (begins) this.#statuses.set(message, message.upgrade ? null : this.#options.statusFor());
    const status = this.#statuses.get(message) ?? null;
    if (begins && status === null) {
      this.#answers ??= new HttpMessages('RESPONSE', ({ status }) => this.#hasNoBody(status));
      this.#awaited.push({ method: message.method });
    }
    // Who waits to be told to send its body will not end before it is answered, and then ends the connection.
    const isDue = message.expectsContinue ? begins : ends;
    if (status !== null && isDue) {
      const keepAlive = message.keepAlive && !message.expectsContinue;
      this.#awaited.push({ answer: answerOf(status, message.method, keepAlive), keepAlive });
      this.#giveDue();
    }
    if (ends) {
      this.#underway -= 1;
      this.#statuses.delete(message);
    }
    return status === null ? bytes : null;
  }

  /** To the first request that the callee has. */
  #hasNoBody(status: number): boolean {
    const [first] = this.#awaited;
    if (!first || !('method' in first)) return false;
    return first.method === 'HEAD' || (first.method === 'CONNECT' && status < 300);
  }

  #answered(status: number): void {
    const [first] = this.#awaited;
    if (first && 'method' in first) this.#awaited.shift();
    this.#options.onAnswered(status);
    this.#giveDue();
  }

  #giveDue(): void {
    for (let first = this.#awaited[0]; first && 'answer' in first; first = this.#awaited[0]) {
      this.#awaited.shift();
      this.#options.answer(first.answer, first.keepAlive);
    }
  }

  #tellOther(): void {
    if (!this.#told) this.#options.onOther();
    this.#told = true;
  }
}

function asItIs(bytes: Buffer): Outbound {
  return { bytes, isRequest: false, arrive: () => bytes };
}

/** As a proxy before the callee would put it. */
function answerOf(status: number, method: string, keepAlive: boolean): Buffer {
  // Only once a request is answered here: it is 7 MB of a process that carries bytes.
  const { STATUS_CODES } = process.getBuiltinModule('node:http');
  const reason = STATUS_CODES[status] ?? 'Fault';
  const body = `${status} ${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    `date: ${new Date().toUTCString()}`,
    'content-type: text/plain',
    `content-length: ${body.length}`,
    `connection: ${keepAlive ? 'keep-alive' : 'close'}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : body}`);
}
