import type { Environment } from './environment.ts';
import type { HttpClient } from './http-client.ts';
import type { Log } from './log.ts';
import type { ServiceOptions } from './serve.ts';
import type { WaitingLine } from './waiting-line.ts';

/** What a module of the shop has from the process it runs in: alone there, as a service of its own, or beside others. */
export interface Host {
  /** The service it is part of, by the name that others see. */
  service: string;
  environment: Environment;
  log: Log;
  /** To call modules and services with; with `connections`, at most so many calls over the network are under way at once. */
  client(connections?: WaitingLine): HttpClient;
  /** Reports a pool of the module's (`pool-gauges.ts`). */
  reportPool(name: string, line: WaitingLine): void;
}

/** What a module is to whoever serves it. */
export type Served = Pick<ServiceOptions, 'routes' | 'prepare' | 'work' | 'leave' | 'release'>;

/** A part of the shop that can be a service. It has everything from its host, and knows of no other module but the address. */
export type Module = (host: Host) => Served | Promise<Served>;
