import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { eventually } from './eventually.ts';

/** A WebSocket of exec, attach or port-forward: every message begins with the number of its channel. */
export class Channels {
  readonly #socket: WebSocket;
  readonly #heard = new Map<number, Buffer[]>();
  readonly #closed: Promise<unknown>;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#closed = once(socket, 'close');
    socket.on('message', (message: Buffer) => {
      const heard = this.#heard.get(message[0]!) ?? [];
      this.#heard.set(message[0]!, [...heard, message.subarray(1)]);
    });
  }

  send(channel: number, data: string | Buffer): void {
    this.#socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)]));
  }

  /** All that has come on a channel. */
  heard(channel: number): Buffer {
    return Buffer.concat(this.#heard.get(channel) ?? []);
  }

  /** Waits until what has come on a channel fits. */
  async until(channel: number, pattern: RegExp): Promise<string> {
    await eventually(`channel ${channel} says ${pattern}`, async () => pattern.test(this.heard(channel).toString()));
    return this.heard(channel).toString();
  }

  /** Resolves when the server has closed it. */
  async closed(): Promise<void> {
    await this.#closed;
  }

  close(): void {
    this.#socket.close();
  }
}
