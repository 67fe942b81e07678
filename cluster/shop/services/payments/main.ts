import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import { openDatabase, prepareDatabase } from '../../service/database.ts';
import { readEnvironment } from '../../service/environment.ts';
import { httpClient } from '../../service/http-client.ts';
import { Failure } from '../../service/failure.ts';
import { serviceLog } from '../../service/log.ts';
import { callerGone } from '../../service/routes.ts';
import { reportPool } from '../../service/pool-gauges.ts';
import { serve } from '../../service/serve.ts';
import { WaitingLine } from '../../service/waiting-line.ts';
import { edgeSettings } from '../../resilience/edge-settings.ts';
import { resilientClient } from '../../resilience/resilient-client.ts';
import { bankClient } from './bank/charge.ts';
import { findPayment, migration, recordPayment } from './payment-store.ts';

const environment = readEnvironment();
const log = serviceLog('payments');
const database = openDatabase(environment, log);
const bank = resilientClient(httpClient(), 'payments>bank', edgeSettings(environment, 'bank'), log);
const chargeAtBank = bankClient(bank, environment.url('BANK_URL'), environment.flag('IDEMPOTENCY_KEYS', false));
const charges = new WaitingLine(environment.integer('MAX_CONCURRENT', { min: 1, max: 10_000, fallback: 16 }));
reportPool('workers', charges);

const orderIdParam = z.string().uuid();
const chargeBody = z.object({ orderId: orderIdParam, amountCents: z.number().int().min(1) });

serve({
  name: 'payments',
  log,
  prepare: () => prepareDatabase(database, migration, log),
  work: charges,
  release: () => database.end(),
  routes(routes) {
    routes.post('/charges', async (c) => {
      const { orderId, amountCents } = await jsonBody(c, chargeBody);
      const payment = await charges.run(async () => {
        // Orders asks again for an order that it left behind: what is known to be paid is not charged anew.
        const known = await findPayment(database, orderId);
        if (known) return known;
        const bankCharge = await chargeAtBank({ orderId, amountCents });
        return recordPayment(database, { orderId, amountCents, bankCharge });
      }, callerGone(c));
      return c.json(payment, 201);
    });
    routes.get('/charges/:orderId', async (c) => {
      const orderId = orderIdParam.safeParse(c.req.param('orderId'));
      const payment = orderId.success ? await findPayment(database, orderId.data) : undefined;
      if (!payment)
        throw new Failure(
          404,
          'no-such-charge',
          `Payments knows of no charge for the order ${c.req.param('orderId')}.`,
        );
      return c.json(payment);
    });
  },
});
