import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** Travels with a customer's request through every service, and into every log line it causes. */
export const correlationHeader = 'x-correlation-id';

const current = new AsyncLocalStorage<string>();

export function correlationId(): string | undefined {
  return current.getStore();
}

/** Runs `task` under the caller's id, or under a new one where the caller sent none that is fit for a log line. */
export function withCorrelation<T>(sent: string | undefined, task: (id: string) => T): T {
  const id = sent && /^[\w.:-]{1,128}$/.test(sent) ? sent : randomUUID();
  return current.run(id, () => task(id));
}
