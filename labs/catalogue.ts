import type { LabSummary } from '../server/contract/lab.ts';

/** The labs that can be started: one folder and one line each. */
export const shipped = [
  '03-events',
  '04-circuit-breaker',
  '05-retries',
  '06-timeouts-bulkheads-shedding',
  '11-sagas-outbox-idempotency',
  '14-monolith-or-microservices',
];

/** Stands for the id of any other: one that is being written has no page of its own, and that page reads its id from the address. */
export const unshipped = 'unshipped';

/** Those to come. */
export const planned: Omit<LabSummary, 'available' | 'patterns'>[] = [
  {
    id: '01-twelve-factors',
    number: 1,
    title: 'Twelve factors',
    goal: 'Change a setting without a new image, and stop a pod without losing an order.',
    minutes: 10,
    level: 'start',
  },
  {
    id: '02-api-gateway',
    number: 2,
    title: 'The front door: API gateway',
    goal: 'Give many services one entrance, and find out what it costs when it is the only one.',
    minutes: 10,
    level: 'start',
  },
  {
    id: '07-sidecar-or-daemonset',
    number: 7,
    title: 'Sidecar or DaemonSet',
    goal: 'Ship the logs in two ways, and compare what each costs and what each loses.',
    minutes: 12,
    level: 'middle',
  },
  {
    id: '08-functions',
    number: 8,
    title: 'Functions and cold starts',
    goal: 'Scale a worker to zero, and measure what its first customer waits for.',
    minutes: 10,
    level: 'middle',
  },
  {
    id: '09-gitops',
    number: 9,
    title: 'GitOps: drift, policy, rollback',
    goal: 'Break the cluster by hand, and watch the repository win.',
    minutes: 12,
    level: 'middle',
  },
  {
    id: '10-observability',
    number: 10,
    title: 'See it: traces, metrics and logs aligned',
    goal: 'Go from a spike on a chart to the line of log that explains it.',
    minutes: 12,
    level: 'start',
  },
  {
    id: '12-autoscaling',
    number: 12,
    title: 'Autoscaling',
    goal: 'Scale on CPU and on queue depth, and see which of them notices the queue.',
    minutes: 12,
    level: 'middle',
  },
  {
    id: '13-canary',
    number: 13,
    title: 'Canary',
    goal: 'Release a version with a bug to a few customers only, and find it before the others do.',
    minutes: 12,
    level: 'middle',
  },
  {
    id: '15-game-day',
    number: 15,
    title: 'Game day',
    goal: 'Keep the shop within its error budget while faults come at random.',
    minutes: 25,
    level: 'deep',
  },
];

/** The labs that are here, and those to come, in order of their numbers. */
export function catalogue(available: readonly LabSummary[]): LabSummary[] {
  const toCome = planned.filter(({ number }) => !available.some((lab) => lab.number === number));
  return [...available, ...toCome.map((lab) => ({ ...lab, available: false, patterns: [] }))].sort(
    (a, b) => a.number - b.number,
  );
}
