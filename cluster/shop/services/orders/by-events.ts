import type { Environment } from '../../service/environment.ts';
import type { Database } from '../../service/database.ts';
import type { Log } from '../../service/log.ts';
import { consumerOf } from '../../messaging/consumer.ts';
import type { ShopEvent } from '../../messaging/events.ts';
import { queueReports } from '../../messaging/queue-gauges.ts';
import type { CheckoutStyle } from './checkout.ts';
import type { OrderStore } from './order-store.ts';
import { outboxRelay, writeToOutbox } from './outbox.ts';

interface Options {
  environment: Environment;
  database: Database;
  store: OrderStore;
  /** Payments has given up on an order. */
  onPaymentFailed: (orderId: string) => Promise<void>;
  log: Log;
}

/**
 * Orders are accepted before they are paid; payments hears of them by an event, and orders of the payment by another.
 *
 *   reserved ──▶ to-be-paid ──order.accepted──▶ payments ──payment.charged──▶ accepted
 *
 * With OUTBOX the event is committed with the order. Without, it is published after the commit: whatever comes between, a broker
 * that is away or the end of this process, loses the event, and nobody ever charges the order.
 */
export function byEvents({ environment, database, store, onPaymentFailed, log }: Options) {
  const outbox = environment.flag('OUTBOX', false);
  const consumer = consumerOf({
    ...{ queue: 'orders', environment, log, whenConnected: queueReports(environment.text('BROKER_URL')) },
    async handle({ name, body: { orderId } }) {
      if (name === 'payment.charged') await store.accept(orderId);
      if (name === 'payment.failed') await onPaymentFailed(orderId);
    },
  });
  const { broker } = consumer;
  // Also without the pattern: what it left there is still to be told.
  const relay = outboxRelay(database, broker, log);

  const style: CheckoutStyle = {
    pay: async () => 'kept',
    async accept({ id, amountCents }) {
      const event: ShopEvent = { name: 'order.accepted', body: { orderId: id, amountCents } };
      await store.acceptUnpaid(id, async (client) => {
        if (outbox) await writeToOutbox(client, event);
      });
      if (outbox) relay.wake();
      else {
        await broker.publish(event).catch((error: Error) => {
          log.error('An event is lost: nobody will charge this order', { orderId: id, error });
        });
      }
      return 'to-be-paid';
    },
  };
  return {
    style,
    async begin() {
      await broker.begin();
      relay.begin();
    },
    leave: () => consumer.stop(),
    async release() {
      relay.stop();
      await broker.close();
    },
  };
}
