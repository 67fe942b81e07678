import { randomInt, randomUUID } from 'node:crypto';
import { products } from '../../service/catalogue.ts';
import type { Customer } from './customers.ts';
import type { Send, StepRequest } from './traced-send.ts';

/** One request of a journey, to be sent as of the moment it was intended. Never throws. */
export type Step = (intended: number) => Promise<void>;

/** One in so many rounds begins with a customer who logs in anew, the next one with them looking at their profile. */
const rounds = 10;

/** The customers' requests, in turn: look at the list, look at a product, order. A third of them are orders. */
export function journeySteps(customers: Customer[], send: Send): () => Step {
  let turn = 0;
  const nextCustomer = () => customers[turn++ % customers.length]!;
  let returning = nextCustomer();

  // Who is logged in says so while browsing too: the shop then knows one client from another.
  const browse = async (path: string, route: string, intended: number) => {
    const { token } = nextCustomer();
    await send({ method: 'GET', path, route, ...(token && { token }) }, intended);
  };
  const list: Step = (intended) => browse('/api/products', '/api/products', intended);
  const look: Step = (intended) => browse(`/api/products/${someProduct()}`, '/api/products/:id', intended);
  const login: Step = (intended) => {
    returning = nextCustomer();
    return returning.login(send, intended);
  };
  const asCustomer = async (customer: Customer, request: (token: string) => StepRequest, intended: number) => {
    // Who is not logged in does that first, in place of this request: the rate stays what it is.
    if (!customer.token) return customer.login(send, intended);
    const answer = await send(request(customer.token), intended);
    if (answer?.status === 401) customer.token = undefined;
  };
  const profile: Step = (intended) => asCustomer(returning, profileRequest, intended);
  const order: Step = (intended) => asCustomer(nextCustomer(), orderRequest, intended);

  const journey = Array.from({ length: rounds }, (_, round) => [[login, profile][round] ?? list, look, order]).flat();
  let step = 0;
  return () => journey[step++ % journey.length]!;
}

/** What one customer asks for again and again who asks for more than is good for the others. */
export function greedyStep(customer: Customer, send: Send): Step {
  return async (intended) => {
    const { token } = customer;
    const path = `/api/products/${someProduct()}`;
    await send({ method: 'GET', path, route: '/api/products/:id', ...(token && { token }) }, intended);
  };
}

/** An order for a few pieces of some product. */
export function orderRequest(token: string): StepRequest {
  return {
    method: 'POST',
    path: '/api/orders',
    route: '/api/orders',
    token,
    headers: { 'idempotency-key': randomUUID() },
    json: { items: [{ productId: someProduct(), quantity: randomInt(1, 4) }] },
  };
}

function profileRequest(token: string): StepRequest {
  return { method: 'GET', path: '/api/users/me', route: '/api/users/me', token };
}

function someProduct(): string {
  return products[randomInt(products.length)]!.id;
}
