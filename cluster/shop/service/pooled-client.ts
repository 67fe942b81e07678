import { inClientSpan } from './client-span.ts';
import { httpClient, type HttpClient } from './http-client.ts';
import type { WaitingLine } from './waiting-line.ts';

/**
 * One pool of connections for all destinations: as many calls are under way as the line lets through, and the rest wait, first
 * come first served. Waiting is part of the call's client span.
 */
export function pooledClient(line: WaitingLine): HttpClient {
  const http = httpClient();
  return (call) => inClientSpan(call, (sent) => line.run(() => http(sent), sent.signal));
}
