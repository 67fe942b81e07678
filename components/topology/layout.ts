import type { ELK } from 'elkjs/lib/elk-api.js';
import type { Topology } from '../../server/contract/topology.ts';
import { fromElkGraph, toElkGraph } from './graph.ts';
import type { Placement } from './graph.ts';

let engine: Promise<ELK> | null = null;

/** ELK is one and a half megabytes and takes its time: it loads late and works in a worker of its own. */
async function startEngine(): Promise<ELK> {
  const { default: Elk } = await import('elkjs/lib/elk-api.js');
  return new Elk({
    workerFactory: () => new Worker(new URL('elkjs/lib/elk-worker.min.js', import.meta.url)),
  });
}

/** Loads ELK ahead, while the page still waits for the first snapshot. A failure shows when it is asked to work. */
export function warmUp(): void {
  engine ??= startEngine();
}

/** Where every card and every edge goes. */
export async function layOut(topology: Topology): Promise<Placement> {
  engine ??= startEngine();
  const elk = await engine;
  return fromElkGraph(await elk.layout(toElkGraph(topology)));
}
