import type { ELK } from 'elkjs/lib/elk-api.js';
import { fromElkGraph, toElkGraph } from './graph.ts';
import type { Placement, Shape } from './graph.ts';

let engine: Promise<ELK> | null = null;

/** ELK is one and a half megabytes and takes its time: it loads when it is needed and works in a worker of its own. */
async function startEngine(): Promise<ELK> {
  const { default: Elk } = await import('elkjs/lib/elk-api.js');
  return new Elk({
    workerFactory: () => new Worker(new URL('elkjs/lib/elk-worker.min.js', import.meta.url)),
  });
}

/** Where every card and every edge goes. */
export async function layOut(shape: Shape): Promise<Placement> {
  engine ??= startEngine().catch((error: unknown) => {
    engine = null; // The next layout asks for it again.
    throw error;
  });
  const elk = await engine;
  return fromElkGraph(await elk.layout(toElkGraph(shape)));
}
