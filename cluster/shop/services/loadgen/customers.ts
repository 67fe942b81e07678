import type { Send } from './traced-send.ts';

/** A simulated customer. */
export interface Customer {
  /** Undefined until logged in, or after the shop has refused it. */
  token: string | undefined;
  login: (intended: number) => Promise<void>;
}

const count = 10;

/** The customers, in turn. Each keeps its token until the shop no longer takes it. */
export function customers(password: string, send: Send): () => Customer {
  const all = Array.from({ length: count }, (_, index) => customer(index + 1, password, send));
  let turn = 0;
  return () => all[turn++ % count]!;
}

function customer(number: number, password: string, send: Send): Customer {
  const email = `customer-${String(number).padStart(2, '0')}@shop.example`;
  const self: Customer = {
    token: undefined,
    async login(intended) {
      const path = '/api/login';
      const answer = await send({ method: 'POST', path, route: path, json: { email, password } }, intended);
      if (answer?.status === 200) self.token = (JSON.parse(answer.body.toString()) as { token: string }).token;
    },
  };
  return self;
}
