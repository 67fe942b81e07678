import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import { openDatabase, prepareDatabase } from '../../service/database.ts';
import { readEnvironment } from '../../service/environment.ts';
import { serviceLog } from '../../service/log.ts';
import { orderItems } from '../../service/order-items.ts';
import { serve } from '../../service/serve.ts';
import { migration, reservations } from './stock.ts';

const log = serviceLog('inventory');
const environment = readEnvironment();
const database = openDatabase(environment, log);
const reserve = reservations(database, environment.oneOf('STOCK_RESERVATION', ['atomic', 'naive'], 'atomic'));

const reservation = z.object({ orderId: z.string().uuid(), items: orderItems });

serve({
  name: 'inventory',
  log,
  prepare: () => prepareDatabase(database, migration, log),
  release: () => database.end(),
  routes(routes) {
    routes.post('/reservations', async (c) => {
      const { orderId, items } = await jsonBody(c, reservation);
      await reserve(orderId, items);
      return c.json({ orderId, reserved: items }, 201);
    });
  },
});
