import { fromElkGraph, toElkGraph } from './graph.ts';
import type { Placement } from './graph.ts';
import { shopShape } from './shop.ts';

/**
 * The shop laid out while the page is built, so that a browser need not wait for ELK to load and to run. Runs in Node;
 * ELK is loaded inside, so that a server of the built page never loads it.
 */
export async function drawAhead(): Promise<Placement> {
  const { default: Elk } = await import('elkjs/lib/elk.bundled.js');
  return fromElkGraph(await new Elk().layout(toElkGraph(shopShape())));
}
