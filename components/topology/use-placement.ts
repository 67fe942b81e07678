import { useEffect, useState } from 'react';
import { useLabStore } from '../state/lab-store-context.ts';
import { useMember } from '../state/use-system.ts';
import { covers, shapeOf } from './graph.ts';
import type { Placement } from './graph.ts';
import { layOut } from './layout.ts';

/**
 * The drawing of the current topology: the one made ahead where it has a place for everything, else one laid out here,
 * anew only when a service or an edge came or went. What is drawn stays until the next is ready; null before the cluster
 * has reported.
 */
export function usePlacement(ahead: Placement): Placement | null {
  const { system } = useLabStore();
  const foreseen = useMember('topology', (topology) => covers(ahead, topology)) ?? false;
  const shape = useMember('topology', shapeOf);
  const [placement, setPlacement] = useState<Placement | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);

  useEffect(() => {
    const topology = system.get()?.topology;
    if (!shape || !topology || foreseen) return;
    let current = true;
    layOut(topology).then(
      (next) => current && setPlacement(next),
      (cause: unknown) =>
        current && setFailure(new Error('The topology could not be laid out. Reload the page.', { cause })),
    );
    return () => {
      current = false;
    };
  }, [system, shape, foreseen]);

  // Thrown while rendering, so that the error boundary of the page shows it.
  if (failure) throw failure;
  // So that what was laid out long ago does not come back for a moment when something else is not foreseen.
  if (foreseen && placement) setPlacement(null);
  return shape === null ? null : (placement ?? ahead);
}
