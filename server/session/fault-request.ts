import { problemsOf, withDefaults } from '../../cluster/faults/check.ts';
import { durationOf } from '../../cluster/faults/duration.ts';
import { faultTypeOf, faultTypes } from '../../cluster/faults/index.ts';
import type { LabDefinition, LabState, WantedFault } from '../../labs/engine/lab.ts';
import type { LabProblem } from '../../labs/engine/problem.ts';
import type { FaultRequest } from '../contract/faults.ts';

/**
 * How a fault that a lab names is asked for. A lab says `delay: 3s` for what a type declares as `delayMs`. Its `share` is of
 * the calls, where the type has such a parameter, and else of the pods. A momentary fault has no lease.
 */
export function faultRequest({ fault, target, share, seconds, parameters }: WantedFault): FaultRequest {
  const declared = faultTypeOf(fault)?.parameters.map(({ name }) => name) ?? [];
  const nameOf = (name: string) => (declared.includes(`${name}Ms`) ? `${name}Ms` : name);
  const named = Object.entries(parameters).map(([name, value]) => [nameOf(name), value] as const);
  const ofCalls = declared.includes('percent');
  return {
    ...{ kind: fault, target },
    ...(!isMomentary(fault) && { duration: seconds }),
    ...(share !== null && !ofCalls && { share: `${share}%` }),
    parameters: { ...Object.fromEntries(named), ...(share !== null && ofCalls && { percent: share }) },
  };
}

/** What remains of a state once its faults have acted: what is momentary is not brought about again. */
export function lasting(state: LabState): LabState {
  return { ...state, faults: state.faults.filter(({ fault }) => !isMomentary(fault)) };
}

/** The state that a step brings about, with the momentary faults of its own and not those of the steps before. */
export function broughtAbout(solution: LabState, start: LabState): LabState {
  const isDue = (wanted: WantedFault) => !isMomentary(wanted.fault) || !start.faults.includes(wanted);
  return { ...solution, faults: solution.faults.filter(isDue) };
}

/** What a cluster would refuse of a lab's faults whatever there is in it; their targets are its own matter. */
export function faultProblems({ steps }: LabDefinition): LabProblem[] {
  const wanted = steps.flatMap(({ start, solution, line }) =>
    solution.faults.filter((fault) => !start.faults.includes(fault)).map((fault) => ({ fault, line })),
  );
  return wanted.flatMap(({ fault, line }) => {
    const type = faultTypeOf(fault.fault);
    const problem = (message: string): LabProblem => ({ file: 'lab.yaml', line, message });
    if (!type) {
      return [problem(`there is no fault ${fault.fault}; there are ${faultTypes.map(({ id }) => id).join(', ')}`)];
    }
    const { target, duration, share, parameters } = faultRequest(fault);
    const spec = withDefaults({
      ...{ type: type.id, target: { [type.targets[0]!]: target }, parameters },
      ...(duration !== undefined && { duration: durationOf(duration) }),
      ...(share !== undefined && { share: share as `${number}%` }),
    });
    return problemsOf(spec)
      .filter(({ field }) => !field.startsWith('spec.target'))
      .map(({ field, value, detail }) =>
        problem(`${field.replace(/^spec\./, '')} of ${fault.fault} is ${String(value)}; ${detail}`),
      );
  });
}

function isMomentary(fault: string): boolean {
  return faultTypeOf(fault)?.duration.max === 0;
}
