import type { Environment } from '../../service/environment.ts';

/** Address of a path of the shop's API, as `/api/orders`. */
export type Entrance = (path: string) => string;

/** Whose each path is, which a client has to know where there is no gateway that does. */
const owners = { login: 'AUTH_URL', products: 'CATALOG_URL', users: 'USERS_URL', orders: 'ORDERS_URL' } as const;

/** Where customers enter, by ENTRANCE: at the `gateway`, or straight at the `services`. @throws EnvironmentError */
export function entranceOf(environment: Environment): Entrance {
  if (environment.oneOf('ENTRANCE', ['gateway', 'services'] as const, 'gateway') === 'gateway') {
    const gateway = environment.url('GATEWAY_URL');
    return (path) => `${gateway}${path}`;
  }
  const urls = Object.entries(owners).map(([resource, variable]) => [resource, environment.url(variable)] as const);
  const addresses = new Map<string, string>(urls);
  return (path) => {
    const resource = path.split('/')[2] ?? '';
    return `${addresses.get(resource) ?? ''}${path.slice('/api'.length)}`;
  };
}
