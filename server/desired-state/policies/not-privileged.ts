import { containersOf, podSpecOf, type Policy } from './policy.ts';

export const notPrivileged: Policy = {
  id: 'not-privileged',
  title: 'No pod owns its node',
  why: 'Whoever breaks into a privileged container has the node, and all that runs there.',
  violations(manifest) {
    const spec = podSpecOf(manifest);
    const shared = (['hostNetwork', 'hostPID'] as const).filter((what) => spec?.[what]);
    return [
      ...containersOf(manifest).flatMap(({ name, securityContext }) =>
        securityContext?.privileged ? [`container ${name} is privileged: take securityContext.privileged away`] : [],
      ),
      ...shared.map((what) => `its pods have ${what}: take it away`),
    ];
  },
};
