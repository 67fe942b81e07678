import { httpClient } from '../../service/http-client.ts';
import { readEnvironment } from '../../service/environment.ts';
import { inProcessClient, type LocalModule } from '../../service/in-process.ts';
import { serviceLog } from '../../service/log.ts';
import type { Host, Module } from '../../service/module.ts';
import { reportPool } from '../../service/pool-gauges.ts';
import { newRoutes } from '../../service/routes.ts';
import { serve } from '../../service/serve.ts';
import { gateway } from '../gateway/module.ts';
import { allOf } from './all-of.ts';
import { logOf } from './module-log.ts';
import { variablesOf } from './module-variables.ts';
import { modules } from './modules.ts';

/**
 * The modules of the shop in one process, by the same code as in services of their own. They call each other by the addresses that they
 * would have on a network, through `inProcessClient`; what is no module, as the bank, is called over the network. Each keeps its database
 * and its role there: none reads another's tables, and each can leave as it came.
 */
const service = 'shop-monolith';
const log = serviceLog(service);
const addresses = readEnvironment();
const network = httpClient();
const local = new Map<string, LocalModule>();

const run = async (name: string, module: Module) => {
  const host: Host = {
    ...{ service, environment: readEnvironment(variablesOf(name)), log: logOf(name, log) },
    client: () => inProcessClient(local, network),
    reportPool: (pool, line) => reportPool(`${name} ${pool}`, line),
  };
  return { log: host.log, ...(await module(host)) };
};

const door = await run('gateway', gateway);
const behind = await Promise.all(
  Object.entries(modules).map(async ([name, module]) => {
    const served = await run(name, module);
    // Requests are logged where they come in; what modules ask of each other is none.
    const routes = newRoutes(served.log, { isLogged: false });
    served.routes(routes, served.log);
    local.set(new URL(addresses.url(`${name.toUpperCase()}_URL`)).origin, { name, routes });
    return served;
  }),
);

serve({ name: service, log, routes: door.routes, ...allOf([door, ...behind]) });
