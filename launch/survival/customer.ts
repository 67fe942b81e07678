import { randomUUID } from 'node:crypto';
import { openTunnel, secretOf, type Tunnel } from './tunnel.ts';

const patienceMs = 2_000;

/** A customer of ours, who keeps what the shop has answered: it comes in at the gateway, like the others. */
export class OwnCustomer {
  /** Ids of the orders that the shop has acknowledged: 201, or 202 where they are paid for later. */
  readonly acknowledged: string[] = [];
  readonly #tunnel: Tunnel;
  readonly #password: string;
  #token: string | null = null;

  static async come(kubeconfig: string): Promise<OwnCustomer> {
    const password = await secretOf(kubeconfig, 'customers', 'CUSTOMER_PASSWORD');
    return new OwnCustomer(await openTunnel(kubeconfig, 'gateway', 8080), password);
  }

  private constructor(tunnel: Tunnel, password: string) {
    this.#tunnel = tunnel;
    this.#password = password;
  }

  /** Tries to order once; answers whether the shop has acknowledged it. */
  async order(): Promise<boolean> {
    try {
      this.#token ??= await this.#login();
      const headers = { authorization: `Bearer ${this.#token}`, 'idempotency-key': randomUUID() };
      const item = { productId: await this.#someProduct(), quantity: 1 };
      const answer = await this.#send('/api/orders', { items: [item] }, headers);
      if (answer.status === 401) this.#token = null;
      if (answer.status !== 201 && answer.status !== 202) return false;
      this.acknowledged.push(((await answer.json()) as { id: string }).id);
      return true;
    } catch {
      return false; // cut off in the middle: nothing was acknowledged
    }
  }

  leave(): void {
    this.#tunnel.close();
  }

  async #login(): Promise<string> {
    const answer = await this.#send('/api/login', { email: 'customer-01@shop.example', password: this.#password });
    return ((await answer.json()) as { token: string }).token;
  }

  async #someProduct(): Promise<string> {
    const { products } = (await (await this.#send('/api/products')).json()) as { products: { id: string }[] };
    return products[Math.floor(Math.random() * products.length)]!.id;
  }

  #send(path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#tunnel.port}${path}`, {
      method: body ? 'POST' : 'GET',
      // A connection each: what is kept alive would lead to a pod that is gone.
      headers: { connection: 'close', 'content-type': 'application/json', ...headers },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
  }
}
