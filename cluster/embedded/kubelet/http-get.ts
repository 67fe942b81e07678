import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as startTls } from 'node:tls';
import type { Container } from '../kinds/types.ts';

/** Connects to a port of the pod. */
export type Dial = (port: number) => Promise<Duplex>;

export interface HttpGetAction {
  host?: string;
  path?: string;
  port: number | string;
  scheme?: string;
  httpHeaders?: { name: string; value: string }[];
}

export interface HttpAnswer {
  status: number;
  /** Where it points to, if it redirects. */
  location?: string;
  /** The beginning of it. */
  body: string;
}

/** As Go's client. */
const mostRedirects = 10;
const longestBody = 10 * 1024;

/**
 * Asks a container of a pod, and follows redirects that stay on the pod, as the kubelet does; the answer to one that leads elsewhere is the
 * redirect. Any certificate will do. Rejects with the words of Go's client.
 *
 * @param ip the pod's, for the URL
 */
export async function httpGet(
  action: HttpGetAction,
  container: Container,
  ip: string,
  dial: Dial,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const port = portNumber(action.port, container);
  const path = action.path ?? '/';
  const scheme = (action.scheme ?? 'HTTP').toLowerCase();
  let url = new URL(`${scheme}://${ip}:${port}${path.startsWith('/') ? '' : '/'}${path}`);
  const headers: Record<string, string> = { 'user-agent': 'kube-probe/1.34', accept: '*/*', connection: 'close' };
  for (const { name, value } of action.httpHeaders ?? []) headers[name.toLowerCase()] = value;
  try {
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const answer = await askOnce(url, headers, dial, signal);
      const next = answer.location === undefined ? null : new URL(answer.location, url);
      if (next?.hostname !== url.hostname) return answer;
      url = next;
    }
    throw new Error(`stopped after ${mostRedirects} redirects`);
  } catch (cause) {
    throw new Error(`Get "${url.href}": ${reason(cause as Error, `${ip}:${port}`, signal)}`, { cause });
  }
}

async function askOnce(
  url: URL,
  headers: Record<string, string>,
  dial: Dial,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const isSecure = url.protocol === 'https:';
  const plain = await dialOrAbort(dial, Number(url.port || (isSecure ? 443 : 80)), signal);
  const socket = isSecure ? startTls({ socket: plain, rejectUnauthorized: false }) : plain;
  try {
    return await new Promise<HttpAnswer>((resolve, reject) => {
      const sent = request(
        {
          path: url.pathname + url.search,
          headers: { host: url.host, ...headers },
          signal,
          createConnection: () => socket,
        },
        (response) => {
          let body = '';
          const done = () => {
            const { statusCode: status = 0, headers } = response;
            const isRedirect = status >= 301 && status <= 308 && headers.location !== undefined;
            resolve({ status, body, ...(isRedirect && { location: headers.location }) });
          };
          response.setEncoding('utf8').on('data', (chunk: string) => {
            if (body.length < longestBody) body += chunk;
            else done();
          });
          response.once('end', done).once('error', reject);
        },
      );
      socket.once('error', reject);
      sent.once('error', reject);
      sent.end();
    });
  } finally {
    socket.destroy();
    plain.destroy();
  }
}

/** Connects, unless it takes too long; a connection that is late then is dropped. Rejects with the errno, or with the signal's reason. */
export function dialOrAbort(dial: Dial, port: number, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    dial(port)
      .then((socket) => {
        if (signal.aborted) socket.destroy();
        else resolve(socket);
      }, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Why there was no answer, as Go words it. */
function reason(error: Error, address: string, signal: AbortSignal): string {
  if (signal.aborted) return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  return dialError(error, address);
}

export function dialError(error: NodeJS.ErrnoException, address: string): string {
  if (error.code === 'ECONNREFUSED') return `dial tcp ${address}: connect: connection refused`;
  if (error.code === 'ECONNRESET') return error.message === 'socket hang up' ? 'EOF' : 'read: connection reset by peer';
  return error.message;
}

/** The number of a port that may be given by its name. Throws an Error where the container has none of that name. */
export function portNumber(port: number | string, container: Container): number {
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  const number = named ?? Number(port);
  if (Number.isInteger(number)) return number;
  throw new Error(`couldn't find port: "${port}" in container "${container.name}"`);
}
