import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Channel } from 'amqplib';
import type { Log } from '../../service/log.ts';

const everyMs = 1_000;
/** A broker that is away, or a queue that nobody has declared yet, is there within seconds. */
const againMs = 1_000;
const heartbeatSeconds = 5;

/**
 * Asks a broker once a second how many messages wait in a queue, by a passive declare, which any broker of AMQP 0-9-1 answers. While it
 * cannot be asked nothing is told.
 *
 * @param onRefused it does not take the credentials
 */
export function followDepth(
  { url, queue, log }: { url: string; queue: string; log: Log },
  onDepth: (messages: number) => void,
  onRefused: () => void,
) {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function ask(channel: Channel): Promise<void> {
    for (;;) {
      onDepth((await channel.checkQueue(queue)).messageCount);
      await delay(everyMs, undefined, { signal });
    }
  }

  async function follow(): Promise<void> {
    const connection = await connect(`${url}?heartbeat=${heartbeatSeconds}`, { timeout: 3_000 });
    // What breaks also fails the question that is asked, or the next.
    connection.on('error', () => undefined);
    try {
      const channel = await connection.createChannel();
      channel.on('error', () => undefined);
      await ask(channel);
    } finally {
      await connection.close().catch(() => undefined);
    }
  }

  async function forever(): Promise<void> {
    while (!signal.aborted) {
      await follow().catch((error: Error) => {
        if (/ACCESS.REFUSED/.test(error.message)) onRefused();
        if (!signal.aborted) log.info('The depth of the queue is not known for now', { queue, reason: String(error) });
      });
      await delay(againMs, undefined, { signal }).catch(() => undefined);
    }
  }
  const following = forever();

  return {
    async stop(): Promise<void> {
      stopping.abort();
      await following;
    },
  };
}
