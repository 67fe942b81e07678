import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpClient } from '../../service/http-client.ts';
import type { Customer } from './customers.ts';
import type { Entrance } from './entrance.ts';
import { orderRequest } from './journey-steps.ts';
import { bearer, type Send } from './traced-send.ts';

const tryEveryMs = 100;
const patienceMs = 2_000;

/**
 * Resolves when all customers are logged in and the shop has taken an order of one of them, or when `atMostMs` are over: load
 * on a shop that is still starting would measure its start, but a broken shop is to have its load all the same.
 */
export async function opening(customers: Customer[], send: Send, atMostMs = 30_000): Promise<void> {
  const end = performance.now() + atMostMs;
  while (performance.now() < end && !(await takesAnOrder(customers, send))) await delay(tryEveryMs);
}

async function takesAnOrder(customers: Customer[], send: Send): Promise<boolean> {
  const strangers = customers.filter(({ token }) => !token);
  await Promise.all(strangers.map((customer) => customer.login(send, performance.now())));
  if (customers.some(({ token }) => !token)) return false;
  const answer = await send(orderRequest(customers[0]!.token!), performance.now());
  return answer?.status === 201;
}

/** Sends without a trace: W3C trace context with the sampled flag off, so that no service records the call. */
export function untracedSend(http: HttpClient, entrance: Entrance): Send {
  return async ({ method, path, token, json, body, headers }) => {
    const traceparent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
    const signal = AbortSignal.timeout(patienceMs);
    const url = entrance(path);
    try {
      const sent = { traceparent, ...headers, ...bearer(token) };
      return await http({ method, url, json, ...(body && { body }), headers: sent, signal });
    } catch {
      return undefined; // nobody answers yet
    }
  };
}
