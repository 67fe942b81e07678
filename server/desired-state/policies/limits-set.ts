import { containersOf, type Policy } from './policy.ts';

export const limitsSet: Policy = {
  id: 'limits-set',
  title: 'Containers have a memory limit',
  why: 'A container that leaks takes the memory of all others on its node.',
  violations: (manifest) =>
    containersOf(manifest).flatMap(({ name, resources }) =>
      resources?.limits?.['memory'] ? [] : [`container ${name} has no memory limit: set resources.limits.memory`],
    ),
};
