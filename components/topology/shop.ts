import type { Shape } from './graph.ts';

const services = 'loadgen gateway users auth catalog orders payments inventory bank postgres';
const calls: Record<string, string> = {
  loadgen: 'gateway',
  gateway: 'users auth catalog orders',
  orders: 'payments inventory postgres',
  payments: 'bank postgres',
  catalog: 'postgres',
  inventory: 'postgres',
  users: 'postgres',
};

/**
 * Who calls whom in the shop, from top to bottom. Only where things are drawn comes from here: what is drawn is what
 * the cluster reports, and a service or a call that is missing here has the page lay out the whole anew.
 */
export const shop: Shape = {
  services: services.split(' ').map((name) => ({ name })),
  edges: Object.entries(calls).flatMap(([source, destinations]) =>
    destinations.split(' ').map((destination) => {
      const protocol = destination === 'postgres' ? 'sql' : 'http';
      return { id: `${source}>${destination}`, source, destination, protocol };
    }),
  ),
};
