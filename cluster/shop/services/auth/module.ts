import { z } from 'zod/v3';
import { jsonBody } from '../../service/body.ts';
import type { Module } from '../../service/module.ts';
import { customerOf } from './customers.ts';
import { tokenIssuer } from './token.ts';

/** Logs customers in. */
export const auth: Module = (host) => {
  const { environment } = host;
  const password = environment.text('CUSTOMER_PASSWORD');
  const issue = tokenIssuer({
    secret: environment.text('JWT_SECRET'),
    seconds: environment.integer('JWT_SECONDS', { min: 60, max: 86_400, fallback: 3_600 }),
  });

  const login = z.object({ email: z.string().min(3).max(200), password: z.string().min(1).max(200) });

  return {
    routes(routes) {
      routes.post('/login', async (c) => {
        const credentials = await jsonBody(c, login);
        return c.json(await issue(customerOf(credentials, password)));
      });
    },
  };
};
