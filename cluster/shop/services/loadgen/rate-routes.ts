import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import type { Routes } from '../../service/routes.ts';
import type { Arrivals } from './arrivals.ts';

/** What GET and PUT /rate answer, beside the rate itself. */
interface Report {
  max: number;
  open: number;
  sent: number;
  dropped: number;
}

/** GET and PUT /rate: `{"rate": 60}`, in requests a second. */
export function rateRoutes(
  arrivals: Arrivals,
  max: number,
  { report, changed }: { report: () => Omit<Report, 'max'>; changed: () => void },
) {
  const answer = (): Report & { rate: number } => ({ rate: arrivals.rate, max, ...report() });
  const rateBody = z.object({ rate: z.number().min(0).max(max) });
  return (routes: Routes): void => {
    routes.get('/rate', (c) => c.json(answer()));
    routes.put('/rate', async (c) => {
      arrivals.rate = (await jsonBody(c, rateBody)).rate;
      changed();
      return c.json(answer());
    });
  };
}
