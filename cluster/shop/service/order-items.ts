import { z } from 'zod/v3';

/** What a customer orders: 1 to 20 different products. */
export const orderItems = z
  .array(z.object({ productId: z.string().min(1).max(64), quantity: z.number().int().min(1).max(100) }))
  .min(1)
  .max(20)
  .refine((items) => new Set(items.map(({ productId }) => productId)).size === items.length, {
    message: 'names a product twice',
  });

export type OrderItem = z.infer<typeof orderItems>[number];
