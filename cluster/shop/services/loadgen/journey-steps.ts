import { randomInt, randomUUID } from 'node:crypto';
import { products } from '../../service/catalogue.ts';
import type { Customer } from './customers.ts';
import type { Send } from './traced-send.ts';

/** One request of a journey, to be sent as of the moment it was intended. Never throws. */
export type Step = (intended: number) => Promise<void>;

/** One in so many rounds begins with a customer who logs in anew, the next one with theirs looking at their profile. */
const rounds = 10;

/** The customers' requests, in turn: look at the list, look at a product, order. A third of them are orders. */
export function journeySteps(nextCustomer: () => Customer, send: Send): () => Step {
  const list: Step = async (intended) => {
    await send({ method: 'GET', path: '/api/products', route: '/api/products' }, intended);
  };
  const look: Step = async (intended) => {
    await send({ method: 'GET', path: `/api/products/${someProduct()}`, route: '/api/products/:id' }, intended);
  };
  const order: Step = async (intended) => {
    const customer = nextCustomer();
    // Who is not logged in does that first, in place of this order: the rate stays what it is.
    if (!customer.token) return customer.login(intended);
    const answer = await send(
      {
        method: 'POST',
        path: '/api/orders',
        route: '/api/orders',
        token: customer.token,
        headers: { 'idempotency-key': randomUUID() },
        json: { items: [{ productId: someProduct(), quantity: randomInt(1, 4) }] },
      },
      intended,
    );
    if (answer?.status === 401) customer.token = undefined;
  };
  let returning = nextCustomer();
  const login: Step = (intended) => {
    returning = nextCustomer();
    return returning.login(intended);
  };
  const profile: Step = async (intended) => {
    const customer = returning;
    if (!customer.token) return customer.login(intended);
    const path = '/api/users/me';
    const answer = await send({ method: 'GET', path, route: path, token: customer.token }, intended);
    if (answer?.status === 401) customer.token = undefined;
  };
  const journey = Array.from({ length: rounds }, (_, round) => [[login, profile][round] ?? list, look, order]).flat();
  let step = 0;
  return () => journey[step++ % journey.length]!;
}

function someProduct(): string {
  return products[randomInt(products.length)]!.id;
}
