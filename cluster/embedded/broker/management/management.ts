import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Broker } from '../broker.ts';
import { same } from '../connection/handshake.ts';
import { overview, queueView } from './views.ts';

interface Answer {
  status: number;
  body: unknown;
}

const notFound: Answer = { status: 404, body: { error: 'Object Not Found', reason: 'Not Found' } };

/** What is read by whom: paths of RabbitMQ's management API, decoded, behind `/api/`. */
const routes: [path: RegExp, answer: (broker: Broker, ...parts: string[]) => Answer][] = [
  [/^overview$/, (broker) => ok(overview(broker))],
  [/^queues$/, (broker) => queuesOf(broker, broker.host.name)],
  [/^queues\/([^/]+)$/, (broker, vhost) => queuesOf(broker, vhost!)],
  [/^queues\/([^/]+)\/([^/]+)$/, (broker, vhost, name) => oneQueue(broker, vhost!, name!)],
  [/^healthchecks\/node$/, health],
  [/^health\/checks\/(?:alarms|local-alarms|virtual-hosts)$/, health],
];

/**
 * A part of RabbitMQ's management API that is read only, behind basic auth with the broker's user, so that one reader serves both.
 *
 * @param port 0 takes any that is free
 */
export async function startManagement(broker: Broker, port: number, listenAt?: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { status, body } = answer(broker, request);
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache' };
    response.writeHead(
      status,
      status === 401 ? { ...headers, 'www-authenticate': 'Basic realm="RabbitMQ Management"' } : headers,
    );
    response.end(JSON.stringify(body));
  });
  server.listen(port, listenAt);
  await once(server, 'listening');
  return server;
}

function answer(broker: Broker, { method, url = '/', headers }: IncomingMessage): Answer {
  if (!isLogin(broker, headers.authorization)) {
    return { status: 401, body: { error: 'not_authorized', reason: 'Login failed' } };
  }
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, body: { error: 'Method Not Allowed', reason: 'it is read only' } };
  const path = /^\/api\/([^?]*)/.exec(url)?.[1] ?? '';
  for (const [pattern, run] of routes) {
    const found = pattern.exec(path);
    if (!found) continue;
    try {
      return run(broker, ...found.slice(1).map(decodeURIComponent));
    } catch (error) {
      if (error instanceof URIError) return { status: 400, body: { error: 'bad_request', reason: error.message } };
      throw error;
    }
  }
  return notFound;
}

function isLogin({ credentials }: Broker, authorization = ''): boolean {
  const [, encoded = ''] = /^Basic (.*)$/i.exec(authorization) ?? [];
  return same(Buffer.from(encoded, 'base64').toString(), `${credentials.user}:${credentials.password}`);
}

const ok = (body: unknown): Answer => ({ status: 200, body });

function queuesOf({ host }: Broker, vhost: string): Answer {
  if (vhost !== host.name) return notFound;
  return ok([...host.queues.values()].map((queue) => queueView(vhost, queue)));
}

function oneQueue({ host }: Broker, vhost: string, name: string): Answer {
  const queue = vhost === host.name && host.queues.get(name);
  return queue ? ok(queueView(vhost, queue)) : notFound;
}

function health({ alarm }: Broker): Answer {
  return alarm === null ? ok({ status: 'ok' }) : { status: 503, body: { status: 'failed', reason: alarm } };
}
