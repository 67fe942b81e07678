import { secondsOf, durationOf } from './duration.ts';
import type { FaultSpec } from './fault-object.ts';
import type { FaultType, TargetKind } from './fault-type.ts';
import { faultTypes } from './index.ts';
import { shareProblem } from './share.ts';

/** What a writer has left out is what its type has for it. */
export type PartialSpec = Pick<FaultSpec, 'type' | 'target'> & Partial<FaultSpec>;

export interface FaultProblem {
  code: 'unknown-fault-kind' | 'unknown-target' | 'unknown-parameter' | 'out-of-range';
  /** Path of the field in a Fault. */
  field: string;
  value: unknown;
  /** What it must be. */
  detail: string;
}

/** Fills in what was left out. Safe to run on its own result. */
export function withDefaults(spec: PartialSpec, types: readonly FaultType[] = faultTypes): PartialSpec {
  const type = types.find(({ id }) => id === spec.type);
  if (!type) return spec;
  const usual = Object.fromEntries(type.parameters.map(({ name, default: value }) => [name, value]));
  return {
    ...spec,
    share: spec.share ?? type.share,
    parameters: { ...usual, ...spec.parameters },
    duration: spec.duration ?? durationOf(type.duration.default),
  };
}

/** Checks a spec, with its defaults, by what its type declares. Whether its target is there now is not asked. */
export function problemsOf(spec: PartialSpec, types: readonly FaultType[] = faultTypes): FaultProblem[] {
  const type = types.find(({ id }) => id === spec.type);
  if (!type) {
    const detail = `must be one of ${types.map(({ id }) => id).join(', ')}`;
    return [{ code: 'unknown-fault-kind', field: 'spec.type', value: spec.type, detail }];
  }
  return [
    ...targetProblems(type, spec.target ?? {}),
    ...parameterProblems(type, spec.parameters ?? {}),
    ...durationProblems(type, spec.duration ?? ''),
    ...shareProblems(spec.share),
  ];
}

function targetProblems(type: FaultType, target: FaultSpec['target']): FaultProblem[] {
  const problem = (detail: string, field = 'spec.target', value: unknown = target): FaultProblem[] => [
    { code: 'unknown-target', field, value, detail },
  ];
  const named = Object.entries(target).filter(([, name]) => name) as [TargetKind, string][];
  const [kind, name] = named[0] ?? [];
  if (!kind || !name || named.length > 1 || !type.targets.includes(kind)) {
    return problem(`${type.id} acts on one ${type.targets.join(' or ')}: give its name, and nothing else`);
  }
  const edge = /^[^>\s]+>[^>\s]+$/;
  if (kind === 'edge' && !edge.test(name)) return problem('must be source>destination', 'spec.target.edge', name);
  if (kind === 'edge' && type.callee && !name.endsWith(`>${type.callee}`)) {
    return problem(`must be to ${type.callee}, as *>${type.callee} for all that send to it`, 'spec.target.edge', name);
  }
  return [];
}

function parameterProblems(type: FaultType, given: Record<string, number>): FaultProblem[] {
  const names = type.parameters.map(({ name }) => name);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  return [
    ...unknown.map((name): FaultProblem => {
      const detail = `${type.id} has no such parameter; it has ${names.join(', ') || 'none'}`;
      return { code: 'unknown-parameter', field: `spec.parameters.${name}`, value: given[name], detail };
    }),
    ...type.parameters
      .filter(({ name, min, max }) => !(given[name]! >= min && given[name]! <= max))
      .map(({ name, min, max, unit }): FaultProblem => {
        const detail = `must be from ${min} to ${max} ${unit}`;
        return { code: 'out-of-range', field: `spec.parameters.${name}`, value: given[name], detail };
      }),
  ];
}

function durationProblems(type: FaultType, duration: string): FaultProblem[] {
  const { max } = type.duration;
  const seconds = secondsOf(duration);
  if (seconds !== null && seconds >= Math.min(1, max) && seconds <= max) return [];
  const detail = max === 0 ? `must be 0s: ${type.id} is momentary` : `must be from 1s to ${max}s, such as 90s`;
  return [{ code: 'out-of-range', field: 'spec.duration', value: duration, detail }];
}

function shareProblems(share: unknown): FaultProblem[] {
  const detail = shareProblem(share);
  return detail === null ? [] : [{ code: 'out-of-range', field: 'spec.share', value: share, detail }];
}
