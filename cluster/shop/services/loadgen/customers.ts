import type { Send } from './traced-send.ts';

/** A simulated customer. */
export interface Customer {
  /** Undefined until logged in, or after the shop has refused it. */
  token: string | undefined;
  login: (send: Send, intended: number) => Promise<void>;
}

/** So many that a hash of their names spreads them evenly over the versions of a canary. */
const count = 100;

/** The shop's sample customers. Each keeps its token until it logs in anew. */
export function customers(password: string): Customer[] {
  return Array.from({ length: count }, (_, index) => customer(index + 1, password));
}

function customer(number: number, password: string): Customer {
  const email = `customer-${String(number).padStart(2, '0')}@shop.example`;
  const self: Customer = {
    token: undefined,
    async login(send, intended) {
      const path = '/api/login';
      const answer = await send({ method: 'POST', path, route: path, json: { email, password } }, intended);
      if (answer?.status === 200) self.token = (JSON.parse(answer.body.toString()) as { token: string }).token;
    },
  };
  return self;
}
