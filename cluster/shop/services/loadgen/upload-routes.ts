import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import type { Routes } from '../../service/routes.ts';
import type { Uploads } from './uploads.ts';

const burstBody = z.object({ burst: z.number().int().min(1).max(50) });

/** GET /uploads: the book of uploads and their thumbnails. POST `{"burst": 4}`: so many customers upload now. */
export function uploadRoutes(uploads: Uploads) {
  return (routes: Routes): void => {
    routes.get('/uploads', (c) => c.json(uploads.book));
    routes.post('/uploads', async (c) => {
      uploads.burst((await jsonBody(c, burstBody)).burst);
      return c.json(uploads.book);
    });
  };
}
