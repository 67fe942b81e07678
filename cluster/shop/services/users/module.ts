import { openDatabase, prepareDatabase } from '../../service/database.ts';
import { customerBehindGateway } from '../../service/customer.ts';
import { Failure } from '../../service/failure.ts';
import type { Module } from '../../service/module.ts';
import { findProfile, migration } from './profiles.ts';

/** Profiles of customers. */
export const users: Module = (host) => {
  const { environment, log } = host;
  const database = openDatabase(environment, log);
  const customerOf = customerBehindGateway(environment);

  return {
    prepare: () => prepareDatabase(database, migration, log),
    release: () => database.end(),
    routes(routes) {
      routes.get('/users/me', async (c) => {
        const customer = await customerOf(c);
        const profile = await findProfile(database, customer);
        if (!profile) throw new Failure(404, 'no-such-user', `There is no user ${customer}.`);
        return c.json(profile);
      });
    },
  };
};
