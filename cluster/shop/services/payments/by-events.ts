import type { Environment } from '../../service/environment.ts';
import type { Log } from '../../service/log.ts';
import { consumerOf } from '../../messaging/consumer.ts';
import type { Charge } from './bank/charge.ts';

interface Options {
  environment: Environment;
  /** Charges; with `once`, not what is known to be paid. */
  settle: (charge: Charge, how: { once: boolean }) => Promise<unknown>;
  log: Log;
}

/**
 * Charges accepted orders and tells what came of it, then acknowledges. A message that comes again is charged again, unless IDEMPOTENT_CONSUMER
 * has payments look first.
 */
export function byEvents({ environment, settle, log }: Options) {
  const once = environment.flag('IDEMPOTENT_CONSUMER', false);
  return consumerOf({
    ...{ queue: 'payments', environment, log },
    async handle(event, broker) {
      if (event.name !== 'order.accepted') return;
      await settle(event.body, { once });
      await broker.publish({ name: 'payment.charged', body: event.body });
    },
    onGivenUp: ({ body: { orderId } }, broker) => broker.publish({ name: 'payment.failed', body: { orderId } }),
  });
}
