import { timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Pod } from '../../kinds/types.ts';
import { ApiError, badRequest } from '../api-error.ts';
import type { NodeProxy } from '../api.ts';
import type { Registry } from '../registry/registry.ts';
import type { Credentials } from '../tls/credentials.ts';
import { checkPortForward, portForward } from './port-forward.ts';
import { sendError, statusOf } from './respond.ts';
import { isPublic, Router } from './router.ts';
import { parseTarget } from './target.ts';

/** The API over HTTPS. */
export class HttpServer {
  readonly #server: Server;
  readonly #router: Router;
  readonly #nodes: NodeProxy;
  readonly #token: Buffer;
  /** WebSockets, which the HTTP server forgets once they are upgraded. */
  readonly #upgraded = new Set<Duplex>();

  constructor(registry: Registry, nodes: NodeProxy, credentials: Credentials) {
    this.#router = new Router(registry, nodes);
    this.#nodes = nodes;
    this.#token = Buffer.from(credentials.token);
    this.#server = createServer({ key: credentials.serverKey, cert: credentials.serverCertificate });
    // Longer than any client keeps an idle connection, so that none is closed under a request that is on its way.
    this.#server.keepAliveTimeout = 120_000;
    this.#server.on('request', (req, res) => {
      this.#answer(req, (url) => this.#router.handle(req, res, url)).catch((error: unknown) => {
        // A client that left in the middle of its request waits for no answer.
        if (req.destroyed && !req.complete) res.destroy();
        else sendError(res, error);
      });
    });
    this.#server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      this.#answer(req, (url) => this.#upgrade(req, socket, head, url)).catch((error: unknown) =>
        refuse(socket, error),
      );
    });
  }

  /** Resolves to the port; rejects with the errno of listen. Port 0 takes a free one. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection, watches too. */
  async close(): Promise<void> {
    for (const socket of this.#upgraded) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(req: IncomingMessage, answer: (url: URL) => void | Promise<void>): Promise<void> {
    const url = parseUrl(req.url ?? '/');
    if (!isPublic(url.pathname)) this.#authenticate(req);
    await answer(url);
  }

  #authenticate({ headers: { authorization = '' } }: IncomingMessage): void {
    const token = Buffer.from(/^Bearer (.*)$/i.exec(authorization)?.[1] ?? '');
    if (token.length === this.#token.length && timingSafeEqual(token, this.#token)) return;
    throw new ApiError('Unauthorized', 'Unauthorized: the request needs the bearer token of the kubeconfig');
  }

  #upgrade(req: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void {
    const target = parseTarget(url.pathname);
    const isPod = target?.plural === 'pods' && target.group === '' && target.name !== undefined;
    if (isPod && (target.subresource === 'exec' || target.subresource === 'attach')) {
      throw badRequest(
        `this cluster does not serve ${target.subresource}: kubectl logs and describe tell of a container`,
      );
    }
    if (!isPod || target.subresource !== 'portforward')
      throw badRequest(`nothing at ${url.pathname} speaks WebSocket here`);
    const ports = checkPortForward(req, url.searchParams);
    const { resource } = this.#router.call(req, undefined as never, url, target);
    const pod = resource.get(target.name!, target.namespace) as Pod;
    if (pod.status?.phase !== 'Running') {
      throw badRequest(`unable to forward port because pod is not running. Current status=${pod.status?.phase}`);
    }
    this.#upgraded.add(socket);
    socket.on('close', () => this.#upgraded.delete(socket));
    portForward(req, socket, head, pod, ports, this.#nodes);
  }
}

function parseUrl(text: string): URL {
  try {
    return new URL(text, 'https://api');
  } catch (cause) {
    throw badRequest(`the request's target is not a path: ${text}`, { cause });
  }
}

/** Answers a request to upgrade with a Status instead. */
function refuse(socket: Duplex, error: unknown): void {
  const status = statusOf(error);
  const body = JSON.stringify(status);
  socket.end(
    `HTTP/1.1 ${status.code} ${STATUS_CODES[status.code!]}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
