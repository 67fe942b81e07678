import { system } from './frame-store.ts';
import { useStore } from './use-store.ts';

/** True while a fault acts on this service (or one of its pods) or edge. */
export function useFaultOn(target: string): boolean {
  return useStore(
    system,
    (view) =>
      view?.faults.some(
        (fault) => fault.state === 'active' && (fault.target === target || fault.target.startsWith(`${target}-`)),
      ) ?? false,
  );
}
