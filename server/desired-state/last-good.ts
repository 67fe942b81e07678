import { z } from 'zod';
import type { Manifest } from '../../cluster/client/apply.ts';

/** The manifests that rendered last, with their Secrets, as they are kept over a restart. */
export const lastGoodSchema: z.ZodType<Manifest[]> = z.array(
  z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({ name: z.string() }) }),
);
