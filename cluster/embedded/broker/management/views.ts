import type { Broker } from '../broker.ts';
import type { Counters } from '../counters.ts';
import type { Queue } from '../queue/queue.ts';

/** One queue as RabbitMQ's management API shows it, as far as there is something to show. */
export function queueView(vhost: string, queue: Queue): Record<string, unknown> {
  const { definition, ready, unacknowledged, readyBytes, consumers } = queue;
  return {
    ...{ name: queue.name, vhost, type: 'classic', state: 'running', durable: definition.durable },
    ...{ auto_delete: definition.autoDelete, exclusive: definition.exclusive, arguments: definition.arguments },
    ...{ consumers: consumers.all.length, messages: ready + unacknowledged, messages_ready: ready },
    ...{ messages_unacknowledged: unacknowledged, message_bytes_ready: readyBytes },
    message_stats: messageStats(queue.counters),
  };
}

/** The whole broker. */
export function overview(broker: Broker): Record<string, unknown> {
  const { host, connections, channels } = broker;
  const queues = [...host.queues.values()];
  const sum = (of: (queue: Queue) => number) => queues.reduce((total, queue) => total + of(queue), 0);
  const [ready, unacknowledged] = [sum((queue) => queue.ready), sum((queue) => queue.unacknowledged)];
  return {
    product_name: 'Breakwater',
    queue_totals: {
      ...{ messages: ready + unacknowledged, messages_ready: ready, messages_unacknowledged: unacknowledged },
    },
    object_totals: {
      ...{ connections: connections.size, channels, exchanges: host.exchanges.size, queues: queues.length },
      consumers: sum(({ consumers }) => consumers.all.length),
    },
    message_stats: {
      ...messageStats(host.counters),
      ...{ disk_reads: host.messages.reads.messages, disk_writes: host.messages.writes.messages },
    },
  };
}

function messageStats(counters: Counters): Record<string, number> {
  const { deliver, deliver_no_ack, get, get_no_ack } = counters;
  return { ...counters, deliver_get: deliver + deliver_no_ack + get + get_no_ack };
}
