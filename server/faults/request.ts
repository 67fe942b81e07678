import { randomBytes } from 'node:crypto';
import type { Fault, Lease } from '../../cluster/faults/fault.ts';
import type { FaultRequest } from '../contract/faults.ts';
import { CodedError } from '../errors.ts';

/**
 * The lease that a request asks for, checked against the fault's own definitions. `targets` is what the fault can act
 * on now. Throws CodedError `unknown-target`, `unknown-parameter`, `out-of-range`.
 */
export function leaseOf(fault: Fault, request: FaultRequest, targets: string[], now: number): Lease {
  if (!targets.includes(request.target)) {
    const known = targets.length > 0 ? targets.join(', ') : 'nothing now';
    throw new CodedError('unknown-target', `${fault.id} cannot act on "${request.target}"; it can act on ${known}.`);
  }
  const known = fault.parameters.map(({ name }) => name);
  const unknown = Object.keys(request.parameters ?? {}).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const has = known.length > 0 ? known.join(', ') : 'none';
    throw new CodedError('unknown-parameter', `${fault.id} has no parameter "${unknown}"; it has ${has}.`);
  }
  const parameters = Object.fromEntries(
    fault.parameters.map(({ name, unit, min, max, default: usual }) => {
      const value = request.parameters?.[name] ?? usual;
      return [name, within(`${name} of ${fault.id}`, value, min, max, unit)];
    }),
  );
  const shortest = Math.min(1, fault.duration.max);
  const seconds = request.duration ?? fault.duration.default;
  within(`duration of ${fault.id}`, seconds, shortest, fault.duration.max, 's');
  const id = `${fault.id}-${randomBytes(4).toString('hex')}`;
  return { id, fault: fault.id, target: request.target, parameters, startedAt: now, endsAt: now + seconds * 1000 };
}

function within(what: string, value: number, min: number, max: number, unit: string): number {
  if (Number.isFinite(value) && value >= min && value <= max) return value;
  throw new CodedError('out-of-range', `The ${what} is ${value} ${unit}; it must be from ${min} to ${max} ${unit}.`);
}
