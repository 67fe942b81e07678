import { openDatabase, prepareDatabase } from '../../service/database.ts';
import { readEnvironment } from '../../service/environment.ts';
import { serviceLog } from '../../service/log.ts';
import { serve } from '../../service/serve.ts';
import { consumerOf } from '../../messaging/consumer.ts';
import { eventId } from '../../messaging/events.ts';
import { migration, sendMail, sendMailOnce } from './mails.ts';

const environment = readEnvironment();
const log = serviceLog('notifications');
const database = openDatabase(environment, log);
const once = environment.flag('IDEMPOTENT_CONSUMER', false);

const consumer = consumerOf({
  ...{ queue: 'notifications', environment, log },
  async handle(event) {
    if (event.name !== 'payment.charged') return;
    const mail = { orderId: event.body.orderId, kind: 'order-paid' } as const;
    if (once) await sendMailOnce(database, eventId(event), mail);
    else await sendMail(database, mail);
  },
});

serve({
  name: 'notifications',
  log,
  async prepare() {
    await prepareDatabase(database, migration, log);
    await consumer.broker.begin();
  },
  leave: consumer.stop,
  async release() {
    await consumer.broker.close();
    await database.end();
  },
  routes: () => undefined,
});
