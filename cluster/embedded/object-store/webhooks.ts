import { Agent, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Records, WaitingEvent } from './records.ts';
import type { Webhook } from './settings.ts';

/** Events of one webhook under way at once. */
const atOnce = 16;
const firstPauseMs = 250;
const longestPauseMs = 3_000;
/** A function that starts first, or works long, is waited for. */
const patienceMs = 60_000;

/**
 * Sends each event until its webhook has answered with success: at least once, in no order. They wait in the records, with the
 * change that they tell of, so that neither this process's end nor the webhook's loses one.
 */
export class Webhooks {
  readonly #records: Records;
  readonly #queues: Map<string, Queue>;

  constructor(webhooks: Webhook[], records: Records, log: (message: string) => void) {
    this.#records = records;
    this.#queues = new Map(webhooks.map((webhook) => [webhook.arn, new Queue(webhook, records, log)]));
  }

  has(arn: string): boolean {
    return this.#queues.has(arn);
  }

  get arns(): string[] {
    return [...this.#queues.keys()];
  }

  /** Adds an event, in the transaction under way. False where too many wait already. */
  add(arn: string, body: string): boolean {
    const queue = this.#queues.get(arn);
    if (!queue || this.#records.waiting(arn) >= queue.webhook.queueLimit) return false;
    this.#records.addEvent(arn, body);
    return true;
  }

  /** Sends what waits. */
  wake(): void {
    for (const queue of this.#queues.values()) queue.send();
  }

  close(): void {
    for (const queue of this.#queues.values()) queue.close();
  }
}

class Queue {
  readonly webhook: Webhook;
  readonly #records: Records;
  readonly #log: (message: string) => void;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #underWay = new Set<number>();
  #pauseMs = 0;
  #pause: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(webhook: Webhook, records: Records, log: (message: string) => void) {
    this.webhook = webhook;
    this.#records = records;
    this.#log = log;
  }

  send(): void {
    if (this.#closed || this.#pause || this.#underWay.size >= atOnce) return;
    const waiting = this.#records.events(this.webhook.arn, atOnce + this.#underWay.size);
    const free = waiting.filter(({ id }) => !this.#underWay.has(id)).slice(0, atOnce - this.#underWay.size);
    for (const event of free) void this.#deliver(event);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#pause);
    this.#agent.destroy();
  }

  async #deliver({ id, body }: WaitingEvent): Promise<void> {
    this.#underWay.add(id);
    const refusal = await this.#post(body).catch((error: Error) => error.message || error.name);
    this.#underWay.delete(id);
    if (this.#closed) return;
    try {
      if (refusal === null) this.#records.deleteEvent(id);
      else this.#records.eventFailed(id);
    } catch (error) {
      // A full disk: it waits there still, and is sent once more.
      this.#rest(`what became of it cannot be noted: ${(error as Error).message}`);
    }
    if (refusal !== null) this.#rest(refusal);
    else if (!this.#pause) this.#pauseMs = 0;
    this.send();
  }

  /** Who did not take one is left alone for a while, the longer the oftener. */
  #rest(refusal: string): void {
    if (this.#pause) return;
    this.#pauseMs = Math.min(Math.max(firstPauseMs, this.#pauseMs * 2), longestPauseMs);
    this.#log(`${this.webhook.endpoint} did not take an event, tried again in ${this.#pauseMs} ms: ${refusal}`);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.send();
    }, this.#pauseMs);
  }

  /** Null, or why it was refused. */
  #post(body: string): Promise<string | null> {
    const { endpoint, authToken } = this.webhook;
    const secure = endpoint.startsWith('https:');
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? secureRequest : request)(endpoint, {
        method: 'POST',
        ...(!secure && { agent: this.#agent }),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          // MinIO's rule: a token of one word is a bearer's.
          ...(authToken && { authorization: authToken.includes(' ') ? authToken : `Bearer ${authToken}` }),
        },
        signal: AbortSignal.timeout(patienceMs),
      });
      outgoing.once('error', reject);
      outgoing.once('response', (answer) => {
        answer.resume();
        answer.once('error', reject);
        const { statusCode = 0 } = answer;
        answer.once('end', () => resolve(statusCode >= 200 && statusCode < 300 ? null : `it answered ${statusCode}`));
      });
      outgoing.end(body);
    });
  }
}
