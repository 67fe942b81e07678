import type { Duplex } from 'node:stream';
import type { Channel, ChannelModel } from 'amqplib';
import type { Pod } from '../../embedded/kinds/types.ts';
import { adminAnswer } from './admin-request.ts';
import { brokerConnection, type Credentials } from './broker-connection.ts';
import { publish, takeOut } from './broker-messages.ts';
import type { Driver, DriverType, Order, PodTemplate, Surroundings, Unreached } from './driver.ts';
import { podDeletion } from './pod-deletion.ts';

/** What is to be done with the queue of a consumer, or to the broker itself. */
export type BrokerOrder = { poison: number } | { perSecond: number } | { down: true };

/** What the management API says of a queue (https://www.rabbitmq.com/docs/http-api-reference). */
interface QueueReport {
  name: string;
  messages: number;
  messages_unacknowledged: number;
  message_stats?: { deliver?: number; ack?: number };
}

interface Run {
  order: Order;
  pod: Pod;
  queue: string;
  connection: ChannelModel;
  stop: () => void;
}

const countEveryMs = 500;
const floodTicksMs = 50;
/** The broker's pods die again before they take connections. */
const killEveryMs = 500;

/**
 * Faults of queues: messages that are sent through the broker, at the port that its pods name `amqp`, by its own credentials, which are in the Secret of its
 * environment. A queue has the name of the service that consumes it. Counts are those of its management API, at the port `management`.
 */
export const messageBroker: DriverType = {
  cannotHit: (pod) => (portOf(pod, 'amqp') ? null : 'it is no message broker: its pods name no port amqp'),
  start,
};

function start(surroundings: Surroundings): Driver {
  const runs = new Map<string, Run>();
  const killing = podDeletion.start(surroundings);

  return {
    async carryOut(order) {
      if ('down' in (order.what as BrokerOrder)) {
        return killing.carryOut({ ...order, what: { everyMs: killEveryMs } });
      }
      const known = runs.get(order.id);
      if (known && order.pods.some(({ metadata }) => metadata.uid === known.pod.metadata.uid)) return [];
      known?.stop();
      runs.delete(order.id);
      const [pod] = order.pods;
      return pod ? begin(order, pod) : [];
    },

    async undo(id, pods) {
      const silent = await killing.undo(id, pods);
      const run = runs.get(id);
      if (!run) return silent;
      runs.delete(id);
      run.stop();
      try {
        const used = (await queues(run.pod)).filter(({ messages }) => messages > 0);
        await Promise.all(used.map(({ name }) => takeOut(run.connection, id, name)));
        return silent;
      } catch {
        return [...silent, run.pod.metadata.name];
      } finally {
        await run.connection.close().catch(() => undefined); // it is gone already
      }
    },

    async acting(pods) {
      const killed = await killing.acting(pods);
      return { ids: [...killed.ids, ...runs.keys()], silent: killed.silent };
    },
  };

  async function begin(order: Order, pod: Pod): Promise<Unreached[]> {
    const { name } = pod.metadata;
    const queue = order.destinations?.[0]?.split('/')[1] ?? '';
    let connection: ChannelModel | undefined;
    try {
      connection = await brokerConnection(() => dial(pod, 'amqp'), await credentialsOf(pod));
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => undefined); // what was asked of it rejects
      await channel.checkQueue(queue);
      const run: Run = { order, pod, queue, connection, stop: () => undefined };
      runs.set(order.id, run);
      run.stop = act(run, channel);
      connection.once('close', () => {
        if (runs.get(order.id) !== run) return;
        run.stop();
        runs.delete(order.id);
        surroundings.lost(order.id);
      });
      return [];
    } catch (error) {
      await connection?.close().catch(() => undefined); // it is broken, perhaps
      return [{ pod: name, why: error instanceof Error ? error.message : String(error) }];
    }
  }

  /** @returns what ends it */
  function act({ order: { id, what }, pod, queue }: Run, channel: Channel): () => void {
    const reading = { counter: `${pod.metadata.uid}/${performance.now()}`, pods: [pod.metadata.name] };
    if ('perSecond' in (what as BrokerOrder)) {
      const flood = flooding(channel, id, queue, (what as { perSecond: number }).perSecond);
      const telling = setInterval(() => surroundings.report(id, { ...reading, sent: flood.sent() }), countEveryMs);
      return () => {
        flood.stop();
        clearInterval(telling);
        surroundings.report(id, { ...reading, sent: flood.sent() });
      };
    }
    const { poison } = what as { poison: number };
    let most = 0;
    let before: number | undefined;
    const count = async (): Promise<void> => {
      const came = refusedOf((await queues(pod)).find((each) => each.name === queue));
      before ??= came;
      most = Math.max(most, came - before);
      surroundings.report(id, { ...reading, sent: poison, failed: most });
    };
    const telling = setInterval(() => void count().catch(() => undefined), countEveryMs);
    void count()
      .catch(() => undefined) // not counted, and sent all the same
      .then(() => {
        for (let sent = 0; sent < poison; sent++) publish(channel, id, queue, 'poison');
      });
    return () => clearInterval(telling);
  }

  async function queues(pod: Pod): Promise<QueueReport[]> {
    const { user, password } = await credentialsOf(pod);
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const asked = { method: 'GET', path: '/api/queues', authorization } as const;
    return (await adminAnswer(() => dial(pod, 'management'), asked)) as QueueReport[];
  }

  function dial(pod: Pod, port: string): Promise<Duplex> {
    const number = portOf(pod, port);
    if (number === undefined) return Promise.reject(new Error(`its pods name no port ${port}`));
    return surroundings.dial(pod.metadata.uid!, number);
  }

  /** As the image takes them from its environment. */
  async function credentialsOf({ metadata, spec }: Pod): Promise<Credentials> {
    const names =
      spec?.containers.flatMap(({ envFrom }) => envFrom?.map(({ secretRef }) => secretRef?.name) ?? []) ?? [];
    for (const name of names) {
      const { data } = name ? await surroundings.api.get('Secret', name, metadata.namespace) : { data: undefined };
      const read = (key: string) => Buffer.from(data?.[key] ?? '', 'base64').toString();
      const credentials = { user: read('RABBITMQ_DEFAULT_USER'), password: read('RABBITMQ_DEFAULT_PASS') };
      if (credentials.user) return credentials;
    }
    throw new Error('no Secret of its environment has RABBITMQ_DEFAULT_USER');
  }
}

/** So many messages a second, as many as the broker takes. */
function flooding(channel: Channel, fault: string, queue: string, perSecond: number) {
  let sent = 0;
  let full = false;
  channel.on('drain', () => (full = false));
  const begun = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) * perSecond) / 1000);
    // What could not be sent in its time is not made up for.
    for (let left = Math.min(due - sent, perSecond); left > 0 && !full; left--) {
      sent += 1;
      full = !publish(channel, fault, queue, 'flood');
    }
  }, floodTicksMs);
  return { sent: () => sent, stop: () => clearInterval(timer) };
}

/** Deliveries that were not acknowledged, and are not under way. */
function refusedOf(queue: QueueReport | undefined): number {
  const { deliver = 0, ack = 0 } = queue?.message_stats ?? {};
  return Math.max(0, deliver - ack - (queue?.messages_unacknowledged ?? 0));
}

function portOf({ spec }: PodTemplate, name: string): number | undefined {
  const ports = spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
  return ports.find((port) => port.name === name)?.containerPort;
}
