import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { products } from '../../service/catalogue.ts';
import type { Answer, HttpClient } from '../../service/http-client.ts';

interface Shop {
  http: HttpClient;
  gateway: string;
  password: string;
}

const tryEveryMs = 100;
const patienceMs = 2_000;

/**
 * Resolves when the shop has taken an order, or when `atMostMs` are over: load on a shop that is still starting would measure
 * its start, but a broken shop is to have its load all the same.
 */
export async function opening(shop: Shop, atMostMs = 30_000): Promise<void> {
  const end = performance.now() + atMostMs;
  while (performance.now() < end && !(await takesAnOrder(shop))) await delay(tryEveryMs);
}

async function takesAnOrder({ http, gateway, password }: Shop): Promise<boolean> {
  const post = (path: string, json: unknown, headers = {}) =>
    http({
      method: 'POST',
      url: `${gateway}${path}`,
      json,
      headers: { traceparent: notSampled(), ...headers },
      signal: AbortSignal.timeout(patienceMs),
    });
  try {
    const login = await post('/api/login', { email: 'customer-01@shop.example', password });
    if (login.status !== 200) return false;
    const { status } = await post('/api/orders', oneProduct, { authorization: `Bearer ${tokenOf(login)}` });
    return status === 201;
  } catch {
    return false; // nobody answers yet
  }
}

const oneProduct = { items: [{ productId: products[0]!.id, quantity: 1 }] };

function tokenOf(login: Answer): string {
  return (JSON.parse(login.body.toString()) as { token: string }).token;
}

/** W3C trace context with the sampled flag off: no service records these calls, which are no customer's. */
function notSampled(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}
