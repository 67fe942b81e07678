import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import { openDatabase, prepareDatabase } from '../../service/database.ts';
import { Failure } from '../../service/failure.ts';
import { orderItems } from '../../service/order-items.ts';
import type { Module } from '../../service/module.ts';
import { migration, releases, reservations } from './stock.ts';

/** Stock, and what is reserved of it. */
export const inventory: Module = (host) => {
  const { environment, log } = host;
  const database = openDatabase(environment, log);
  const reserve = reservations(database, environment.oneOf('STOCK_RESERVATION', ['atomic', 'naive'], 'atomic'));
  const release = releases(database);

  const orderIdParam = z.string().uuid();
  const reservation = z.object({ orderId: orderIdParam, items: orderItems });

  return {
    prepare: () => prepareDatabase(database, migration, log),
    release: () => database.end(),
    routes(routes) {
      routes.post('/reservations', async (c) => {
        const { orderId, items } = await jsonBody(c, reservation);
        await reserve(orderId, items);
        return c.json({ orderId, reserved: items }, 201);
      });
      routes.delete('/reservations/:orderId', async (c) => {
        const orderId = orderIdParam.safeParse(c.req.param('orderId'));
        if (!orderId.success) throw new Failure(404, 'no-such-order', 'Ids of orders are UUIDs.');
        await release(orderId.data);
        return c.json({ orderId: orderId.data });
      });
    },
  };
};
