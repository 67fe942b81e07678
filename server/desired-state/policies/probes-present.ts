import { podSpecOf, type Policy } from './policy.ts';

/** Of those alone that somebody calls: who opens no port gets no traffic. */
export const probesPresent: Policy = {
  id: 'probes-present',
  title: 'Whoever is called has a readiness probe',
  why: 'Without one a pod gets traffic before it can serve it, in every rollout.',
  violations: (manifest) =>
    (podSpecOf(manifest)?.containers ?? []).flatMap(({ name, ports = [], readinessProbe }) =>
      ports.length === 0 || readinessProbe ? [] : [`container ${name} has ports and no readinessProbe: add one`],
    ),
};
