import { problemsOf, withDefaults } from '../../cluster/faults/check.ts';
import { durationOf } from '../../cluster/faults/duration.ts';
import type { FaultSpec } from '../../cluster/faults/fault-object.ts';
import type { FaultType, TargetKind } from '../../cluster/faults/fault-type.ts';
import type { Share } from '../../cluster/faults/share.ts';
import type { FaultRequest } from '../contract/faults.ts';
import { CodedError } from '../errors.ts';

/** What can be acted on now, by kind of target. */
export type Targets = { [kind in TargetKind]?: readonly string[] };

/**
 * The spec that a request asks for, checked by what its type declares and by what is there now. Throws CodedError
 * `unknown-target`, `unknown-parameter`, `out-of-range`.
 */
export function specOf(type: FaultType, request: FaultRequest, targets: Targets): FaultSpec {
  const kind = type.targets.find((each) => targets[each]?.includes(request.target));
  if (!kind) {
    const known = type.targets.flatMap((each) => targets[each] ?? []).join(', ') || 'nothing now';
    throw new CodedError('unknown-target', `${type.id} cannot act on "${request.target}"; it can act on ${known}.`);
  }
  const spec = withDefaults({
    type: type.id,
    target: { [kind]: request.target },
    ...(request.share !== undefined && { share: shareOf(request.share) }),
    ...(request.parameters && { parameters: request.parameters }),
    ...(request.duration !== undefined && { duration: durationOf(request.duration) }),
  });
  const [problem] = problemsOf(spec);
  if (!problem) return spec as FaultSpec;
  const field = problem.field.replace('spec.', '').replace('parameters.', '');
  throw new CodedError(problem.code, `The ${field} of ${type.id} is ${String(problem.value)}; ${problem.detail}.`);
}

/** In an object a number of pods is a number. */
function shareOf(share: string): Share {
  return (/^\d+$/.test(share) ? Number(share) : share) as Share;
}
