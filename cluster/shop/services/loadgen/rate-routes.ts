import { z } from 'zod';
import { jsonBody } from '../../service/body.ts';
import type { Routes } from '../../service/routes.ts';
import type { Arrivals } from './arrivals.ts';

/** GET and PUT /rate: `{"rate": 60}`, in requests a second. */
export function rateRoutes(arrivals: Arrivals, max: number) {
  const rateBody = z.object({ rate: z.number().min(0).max(max) });
  return (routes: Routes): void => {
    routes.get('/rate', (c) => c.json({ rate: arrivals.rate, max }));
    routes.put('/rate', async (c) => {
      arrivals.rate = (await jsonBody(c, rateBody)).rate;
      return c.json({ rate: arrivals.rate, max });
    });
  };
}
