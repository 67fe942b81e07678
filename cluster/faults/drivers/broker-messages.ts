import { randomUUID } from 'node:crypto';
import type { Channel, ChannelModel } from 'amqplib';
import { patienceMs } from './driver.ts';

/** Whose a message is: the id of the fault that sent it. */
const header = 'breakwater-fault';
/** Of another queue no more are looked through, and those that are not ours go back. */
const mostHeld = 500;
/** Taking out ends when nothing has come for so long, in ms. */
const quietMs = 100;

/** Without a type no consumer knows what it is told, and cannot handle it; of a type that it does not know, it has nothing to do. */
export function publish(channel: Channel, fault: string, queue: string, kind: 'poison' | 'flood'): boolean {
  return channel.sendToQueue(queue, Buffer.from(kind === 'poison' ? '{' : '{}'), {
    ...{ persistent: true, contentType: 'application/json', messageId: randomUUID(), headers: { [header]: fault } },
    ...(kind === 'flood' && { type: kind }),
  });
}

/** Takes the messages of a fault out of a queue, as one more consumer of it: what is put back again and again comes here in its turn. */
export async function takeOut(connection: ChannelModel, fault: string, queue: string): Promise<number> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined); // the queue went meanwhile, and they with it
  let taken = 0;
  let last = performance.now();
  await channel.prefetch(mostHeld);
  await channel.consume(queue, (message) => {
    if (message?.properties.headers?.[header] !== fault) return;
    channel.ack(message);
    taken += 1;
    last = performance.now();
  });
  const until = performance.now() + patienceMs / 2;
  while (performance.now() < Math.min(until, last + quietMs)) await new Promise((resolve) => setTimeout(resolve, 10));
  await channel.close(); // whatever else it holds goes back
  return taken;
}
