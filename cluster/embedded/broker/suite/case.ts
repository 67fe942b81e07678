import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, type Channel, type ChannelModel, type ConfirmChannel, type GetMessage, type Options } from 'amqplib';

/** What a case is given: connections, channels and names of its own, all gone when it is over. */
export class World {
  readonly url: string;
  #connections: ChannelModel[] = [];
  #undo: ((channel: Channel) => Promise<unknown>)[] = [];

  constructor(url: string) {
    this.url = url;
  }

  async connection(options: Record<string, unknown> = {}, url = this.url): Promise<ChannelModel> {
    const connection = await connect(url, options);
    connection.on('error', () => {}); // cases ask for the errors they expect
    this.#connections.push(connection);
    return connection;
  }

  /** On a connection of its own unless one is given. */
  async channel(connection?: ChannelModel): Promise<Channel> {
    const channel = await (connection ?? (await this.connection())).createChannel();
    channel.on('error', () => {});
    return channel;
  }

  async confirmChannel(connection?: ChannelModel): Promise<ConfirmChannel> {
    const channel = await (connection ?? (await this.connection())).createConfirmChannel();
    channel.on('error', () => {});
    return channel;
  }

  name(what: string): string {
    return `suite-${what}-${randomUUID()}`;
  }

  /** Declares a queue; durable unless said otherwise. */
  async queue(channel: Channel, options: Options.AssertQueue = {}): Promise<string> {
    const { queue } = await channel.assertQueue(this.name('queue'), options);
    this.#undo.push((undo) => undo.deleteQueue(queue));
    return queue;
  }

  async exchange(channel: Channel, type: string, options: Options.AssertExchange = {}): Promise<string> {
    const { exchange } = await channel.assertExchange(this.name('exchange'), type, options);
    this.#undo.push((undo) => undo.deleteExchange(exchange));
    return exchange;
  }

  /** Ends a connection as a crash of its client does. */
  async cut(connection: ChannelModel): Promise<void> {
    this.#connections = this.#connections.filter((each) => each !== connection);
    const { stream } = (connection as unknown as { connection: { stream: Socket } }).connection;
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.destroy(new Error('cut by the case'));
    await closed;
  }

  /** Closes its connections before it removes what they may have to themselves. */
  async end(): Promise<void> {
    const close = () => Promise.all(this.#connections.map((connection) => connection.close().catch(() => {}))); // some are closed
    await close();
    const channel = await this.channel();
    for (const undo of this.#undo.reverse()) await undo(channel);
    await close();
  }
}

/** One behaviour, as the protocol or the documentation of RabbitMQ promises it. */
export interface Case {
  name: string;
  run(world: World): Promise<void>;
}

/** The cases of one topic, each under a sentence. */
export function topic(title: string, sentences: Record<string, Case['run']>): Case[] {
  return Object.entries(sentences).map(([sentence, run]) => ({ name: `${title}: ${sentence}`, run }));
}

/** The reply code with which a channel or a connection is closed. */
export async function closedWith(of: Channel | ChannelModel, cause: () => unknown): Promise<number> {
  const closed = once(of, 'error') as Promise<[Error & { code: number }]>;
  await Promise.resolve(cause()).catch(() => {}); // the operation fails too
  const [error] = await closed;
  return error.code;
}

/** Takes the messages of a queue that are there now, as text. */
export async function drain(channel: Channel, queue: string): Promise<string[]> {
  const texts: string[] = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (!message) return texts;
    texts.push(message.content.toString());
  }
}

const arrivesWithinMs = 20_000;

/** Waits for a message to come into a queue, and takes it. */
export async function arrival(channel: Channel, queue: string, noAck = true): Promise<GetMessage> {
  for (const end = performance.now() + arrivesWithinMs; performance.now() < end;) {
    const message = await channel.get(queue, { noAck });
    if (message) return message;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`nothing came into ${queue} within ${arrivesWithinMs} ms`);
}
