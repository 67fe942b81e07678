import { createHash } from 'node:crypto';
import type { FaultEdit } from '../fault-object.ts';
import type { PodTemplate } from './driver.ts';

/** By this variable every service is told where to listen (twelve factors, VII). */
export const portVariable = 'PORT';

/** Every number in the environment of its containers that would be another one; where it listens is not a setting. */
export function settingsOf({ spec }: PodTemplate, percent: number): Pick<FaultEdit, 'field' | 'before' | 'after'>[] {
  return (spec?.containers ?? []).flatMap(({ name: container, env = [] }) =>
    env.flatMap(({ name, value }) => {
      if (value === undefined || !/^\d+$/.test(value) || name === portVariable) return [];
      const after = String(Math.round((Number(value) * percent) / 100));
      return after === value ? [] : [{ field: `env ${container} ${name}`, before: value, after }];
    }),
  );
}

/** That of them which is changed: the same for the same `seed`. */
export function byLotOf<T>(settings: readonly T[], seed: string): T | undefined {
  return settings[createHash('sha256').update(seed).digest().readUInt32BE() % settings.length];
}
