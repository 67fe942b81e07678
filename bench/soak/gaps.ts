import type { FaultRun } from './fault-run.ts';

/** Why a soak proves nothing, in words: no order can come to harm where hardly anything breaks, or nobody orders. Empty when it does. */
export function gapsOf(faults: readonly Pick<FaultRun, 'ended'>[], acknowledged: number): string[] {
  const acted = faults.filter(({ ended }) => ended !== null).length;
  return [
    ...(acted === 0 || acted < faults.length / 2 ? [`only ${acted} of ${faults.length} faults were carried out`] : []),
    ...(acknowledged === 0 ? ['no order of our own customer was acknowledged'] : []),
  ];
}
