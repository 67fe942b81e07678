import { useMember } from './use-system.ts';

const NONE: readonly { name: string }[] = [];

/** True while a fault acts on this edge or service, or on one of its pods. */
export function useFaultOn(target: string, pods: readonly { name: string }[] = NONE): boolean {
  return (
    useMember('faults', (faults) =>
      faults.some(
        (fault) =>
          fault.state === 'active' && (fault.target === target || pods.some(({ name }) => name === fault.target)),
      ),
    ) ?? false
  );
}
