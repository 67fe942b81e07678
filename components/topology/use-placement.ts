import { useEffect, useState } from 'react';
import { system } from '../state/frame-store.ts';
import { useStore } from '../state/use-store.ts';
import { shapeOf } from './graph.ts';
import type { Placement } from './graph.ts';
import { layOut, warmUp } from './layout.ts';

/** The drawing of the current topology, laid out anew only when a service or an edge came or went. */
export function usePlacement(): Placement | null {
  const shape = useStore(system, (view) => (view ? shapeOf(view.topology) : null));
  const [placement, setPlacement] = useState<Placement | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);

  useEffect(warmUp, []);

  useEffect(() => {
    const topology = system.get()?.topology;
    if (!shape || !topology) return;
    let current = true;
    layOut(topology).then(
      (next) => current && setPlacement(next),
      (cause: unknown) =>
        current && setFailure(new Error('The topology could not be laid out. Reload the page.', { cause })),
    );
    return () => {
      current = false;
    };
  }, [shape]);

  // Thrown while rendering, so that the error boundary of the page shows it.
  if (failure) throw failure;
  return placement;
}
