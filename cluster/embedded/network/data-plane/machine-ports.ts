import { createServer, type Server, type Socket } from 'node:net';

/** How often a port that somebody else has is tried again, in ms. */
const RETRY_MS = 2_000;

export interface MachinePortsOptions {
  /** Somebody has come to this port; the socket is paused. */
  onConnection: (port: number, socket: Socket) => void;
  /** Which ports could not be had, and the name of the errno: told anew as a whole whenever that changes. */
  onErrors: (errors: Record<number, string>) => void;
}

/**
 * The ports of node ports and load balancers on the machine's own loopback, and on no other address: what runs here is for the
 * person who sits before it.
 */
export class MachinePorts {
  readonly #servers = new Map<number, Server>();
  readonly #errors = new Map<number, string>();
  readonly #options: MachinePortsOptions;
  #retry: NodeJS.Timeout | undefined;
  #wanted = new Set<number>();

  constructor(options: MachinePortsOptions) {
    this.#options = options;
  }

  /** Exactly these are open from now on, as far as they can be had. */
  set(wanted: Iterable<number>): void {
    this.#wanted = new Set(wanted);
    for (const [port, server] of this.#servers) {
      if (this.#wanted.has(port)) continue;
      this.#servers.delete(port);
      // Its connections go on, as they do where a rule of kube-proxy is taken away.
      server.close();
    }
    for (const port of this.#errors.keys()) if (!this.#wanted.has(port)) this.#setError(port, undefined);
    for (const port of this.#wanted) if (!this.#servers.has(port) && !this.#errors.has(port)) this.#open(port);
  }

  #open(port: number): void {
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
      this.#options.onConnection(port, socket),
    );
    this.#servers.set(port, server);
    server.once('error', ({ code = 'EADDRINUSE' }: NodeJS.ErrnoException) => {
      if (this.#servers.get(port) !== server) return;
      this.#servers.delete(port);
      this.#setError(port, code);
      if (!this.#retry) this.#retry = setTimeout(() => this.#tryAgain(), RETRY_MS);
    });
    server.once('listening', () => this.#setError(port, undefined));
    server.listen({ host: '127.0.0.1', port, backlog: 512 });
  }

  #tryAgain(): void {
    this.#retry = undefined;
    for (const port of this.#errors.keys()) this.#open(port);
  }

  #setError(port: number, code: string | undefined): void {
    if (this.#errors.get(port) === code) return;
    if (code === undefined) this.#errors.delete(port);
    else this.#errors.set(port, code);
    this.#options.onErrors(Object.fromEntries(this.#errors));
  }
}
