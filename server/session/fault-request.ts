import type { WantedFault } from '../../labs/engine/lab.ts';
import type { FaultRequest } from '../contract/faults.ts';

/** How the faults that labs name are asked for. Durations are in ms there and here. */
const parameterNames: Record<string, string> = { delay: 'delayMs', jitter: 'jitterMs' };

export function faultRequest({ fault, target, share, seconds, parameters }: WantedFault): FaultRequest {
  const named = Object.entries(parameters).map(([name, value]) => [parameterNames[name] ?? name, value] as const);
  return {
    ...{ kind: fault, target, duration: seconds },
    parameters: { ...Object.fromEntries(named), ...(share === null ? {} : { percent: share }) },
  };
}
