import { useMember } from './use-system.ts';

/** True while a fault acts on this service (or one of its pods) or edge. */
export function useFaultOn(target: string): boolean {
  return (
    useMember('faults', (faults) =>
      faults.some(
        (fault) => fault.state === 'active' && (fault.target === target || fault.target.startsWith(`${target}-`)),
      ),
    ) ?? false
  );
}
