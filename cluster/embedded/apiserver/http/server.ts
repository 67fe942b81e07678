import { ServerResponse, type IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ApiError, badRequest } from '../api-error.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { anonymous } from '../auth/user.ts';
import type { Credentials } from '../../pki/credentials.ts';
import { Dispatcher, isPublic } from './dispatcher.ts';
import type { ApiRequest, ServerContext } from './request.ts';
import { sendError } from './respond.ts';

/** Connections that go on as WebSocket or SPDY, at once. Each may have messages of some MiB in memory, and a process behind it. */
const UPGRADED_LIMIT = 256;
/** How long a client may take to let go of a connection after a refusal; ms. */
const LINGER_MS = 5_000;

/** The API over HTTPS. */
export class HttpServer {
  readonly #server: Server;
  readonly #dispatcher: Dispatcher;
  readonly #authenticator: Authenticator;
  /** Those of requests to upgrade, which the HTTP server forgets. */
  readonly #sockets = new Set<Duplex>();
  /** How many of them go on as something else. */
  #upgraded = 0;

  constructor(context: ServerContext, credentials: Credentials) {
    this.#dispatcher = new Dispatcher(context);
    this.#authenticator = new Authenticator(credentials.token, context.tokens, context.authorizer);
    this.#server = createServer({ key: credentials.serverKey, cert: credentials.serverCertificate });
    // Longer than any client keeps an idle connection, so that none is closed under a request that is on its way.
    this.#server.keepAliveTimeout = 120_000;
    this.#server.on('request', (req, res) => void this.#answer(req, res));
    this.#server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(req, socket, head),
    );
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
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(req: IncomingMessage, res: ServerResponse, takeOver?: ApiRequest['takeOver']): Promise<void> {
    try {
      const url = parseUrl(req.url ?? '/');
      const user = isPublic(url.pathname) ? anonymous : await this.#authenticator.authenticate(req.headers);
      await this.#dispatcher.handle(req, res, url, user, takeOver);
    } catch (error) {
      // A client that left in the middle of its request waits for no answer.
      if (req.destroyed && !req.complete) res.destroy();
      else sendError(res, error);
    }
  }

  /** A request to upgrade is answered like any other, unless what it asks for takes the socket over. */
  #upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const res = new ServerResponse(req);
    res.shouldKeepAlive = false;
    res.assignSocket(socket as Socket);
    res.on('finish', () => lingeringClose(socket));
    void this.#answer(req, res, () => {
      if (this.#upgraded >= UPGRADED_LIMIT) throw tooManyUpgrades();
      res.detachSocket(socket as Socket);
      // The client may have left while it was looked up.
      if (!socket.closed) {
        this.#upgraded += 1;
        socket.once('close', () => (this.#upgraded -= 1));
      }
      return { socket, head };
    });
  }
}

/** Ends a connection so that its client can still read the answer: with what it has sent left unread, TCP would reset it. */
function lingeringClose(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.resume().end();
}

function tooManyUpgrades(): ApiError {
  const message = `${UPGRADED_LIMIT} connections of exec, attach, port-forward and proxy are open, which is the most: close some`;
  return new ApiError('TooManyRequests', message, { retryAfterSeconds: 1 });
}

function parseUrl(text: string): URL {
  try {
    return new URL(text, 'https://api');
  } catch (cause) {
    throw badRequest(`the request's target is not a path: ${text}`, { cause });
  }
}
