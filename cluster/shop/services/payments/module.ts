import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import { openDatabase, prepareDatabase } from '../../service/database.ts';
import { Failure } from '../../service/failure.ts';
import type { Module } from '../../service/module.ts';
import { callerGone } from '../../service/routes.ts';
import { WaitingLine } from '../../service/waiting-line.ts';
import { edgeSettings } from '../../resilience/edge-settings.ts';
import { resilientClient } from '../../resilience/resilient-client.ts';
import { bankClient, type Charge } from './bank/charge.ts';
import { orderCharging } from './charge-order.ts';
import { chargesDue, dueMigration } from './charges-due.ts';
import { migration, noteRefund } from './payment-store.ts';

/** Charges customers, at the bank. */
export const payments: Module = async (host) => {
  const { environment, log } = host;
  const database = openDatabase(environment, log);
  const edge = resilientClient(host.client(), `${host.service}>bank`, edgeSettings(environment, 'bank'), log);
  const bank = bankClient(edge, environment.url('BANK_URL'), environment.flag('IDEMPOTENCY_KEYS', false));
  const charges = new WaitingLine(environment.integer('MAX_CONCURRENT', { min: 1, max: 10_000, fallback: 16 }));
  host.reportPool('workers', charges);
  const style = environment.oneOf('CHECKOUT', ['synchronous', 'events'], 'synchronous');
  const due = chargesDue(database, {
    charge: (charge) => charges.run(() => bank.charge(charge)),
    everyMs: environment.integer('CHARGE_LATER_EVERY_MS', { min: 10, max: 60_000, fallback: 1_000 }),
    log,
  });
  const { charge, stateOf } = orderCharging({
    ...{ database, chargeAtBank: bank.charge, due },
    // What comes by events is kept by the broker.
    chargeLater: style === 'synchronous' && environment.flag('CHARGE_LATER', false),
  });
  const settle = (wanted: Charge, { once }: { once: boolean }, signal?: AbortSignal) =>
    charges.run(() => charge(wanted, once), signal);

  const consumer = style === 'events' ? (await import('./by-events.ts')).byEvents({ environment, settle, log }) : null;

  const orderIdParam = z.string().uuid();
  const refundBody = z.object({ orderId: orderIdParam });
  const chargeBody = refundBody.extend({ amountCents: z.number().int().min(1) });

  return {
    async prepare() {
      await prepareDatabase(database, migration + dueMigration, log);
      due.start();
      await consumer?.broker.begin();
    },
    work: charges,
    leave: consumer?.stop,
    async release() {
      await due.stop();
      await consumer?.broker.close();
      await database.end();
    },
    routes(routes) {
      routes.post('/charges', async (c) => {
        const state = await settle(await jsonBody(c, chargeBody), { once: true }, callerGone(c));
        return c.json(state, 'due' in state ? 202 : 201);
      });
      routes.post('/refunds', async (c) => {
        const { orderId } = await jsonBody(c, refundBody);
        await bank.refund(orderId);
        await due.drop(orderId);
        await noteRefund(database, orderId);
        return c.json({ orderId });
      });
      routes.get('/charges/:orderId', async (c) => {
        const orderId = orderIdParam.safeParse(c.req.param('orderId'));
        const state = orderId.success ? await stateOf(orderId.data) : undefined;
        if (!state)
          throw new Failure(
            404,
            'no-such-charge',
            `Payments knows of no charge for the order ${c.req.param('orderId')}.`,
          );
        return c.json(state, 'due' in state ? 202 : 200);
      });
    },
  };
};
