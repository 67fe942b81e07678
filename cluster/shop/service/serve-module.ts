import { readEnvironment } from './environment.ts';
import { httpClient } from './http-client.ts';
import { serviceLog } from './log.ts';
import type { Module } from './module.ts';
import { reportPool } from './pool-gauges.ts';
import { pooledClient } from './pooled-client.ts';
import { serve } from './serve.ts';

/** Runs a module as a service of its own: what it calls is on the network. */
export async function serveModule(name: string, module: Module): Promise<void> {
  const log = serviceLog(name);
  const served = await module({
    ...{ service: name, environment: readEnvironment(), log, reportPool },
    client(connections) {
      if (!connections) return httpClient();
      reportPool('connections', connections);
      return pooledClient(connections);
    },
  });
  serve({ name, log, ...served });
}
