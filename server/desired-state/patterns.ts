import type { PatternOption } from '../contract/patterns.ts';

/** A pattern as it is switched: each option but the first is one Kustomize component. */
export interface PatternDefinition {
  id: string;
  title: string;
  place: string;
  summary: string;
  cost: string;
  /** The first option is the absence of any component. */
  options: (PatternOption & { component: string | null })[];
}

const paymentsToBank = 'payments → bank';

function component(pattern: string, option: string): string {
  return `components/${pattern}/${option}`;
}

/** Every pattern there is, in the order the page lists them and the overlay names their components. */
export const patterns: readonly PatternDefinition[] = [
  {
    id: 'timeout',
    title: 'Timeout',
    place: paymentsToBank,
    summary: 'How long payments waits for the bank before it gives up.',
    cost: 'A call given up may have succeeded all the same. Too short a limit turns slow successes into failures; never use one below the usual p99.',
    options: [
      { id: 'none', label: 'none', summary: 'Payments waits for as long as the bank takes.', component: null },
      {
        id: '3s',
        label: '3 s',
        summary: 'Payments gives up after three seconds.',
        component: component('timeout', '3s'),
      },
      {
        id: '500ms',
        label: '500 ms',
        summary: 'Payments gives up after half a second.',
        component: component('timeout', '500ms'),
      },
    ],
  },
  {
    id: 'retries',
    title: 'Retries',
    place: paymentsToBank,
    summary: 'Whether payments repeats a failed call to the bank.',
    cost: 'Every repeat is more load on a service in trouble. Without an idempotency key it can charge a customer twice; not for a dependency that is overloaded.',
    options: [
      { id: 'none', label: 'none', summary: 'A failed call stays failed.', component: null },
      {
        id: 'naive',
        label: 'naive',
        summary: 'Up to three repeats, at once.',
        component: component('retries', 'naive'),
      },
      {
        id: 'backoff',
        label: 'backoff',
        summary: 'Up to three repeats after growing, jittered pauses.',
        component: component('retries', 'backoff'),
      },
    ],
  },
  {
    id: 'circuit-breaker',
    title: 'Circuit breaker',
    place: paymentsToBank,
    summary: 'Whether payments stops calling a bank that keeps failing.',
    cost: 'While it is open it turns good orders away too. Not for a dependency you cannot do without, nor for traffic too thin to judge by.',
    options: [
      { id: 'off', label: 'off', summary: 'Every payment calls the bank.', component: null },
      {
        id: 'library',
        label: 'library',
        summary: 'opossum inside payments opens when too many calls fail, and probes after 15 s.',
        component: component('circuit-breaker', 'library'),
      },
    ],
  },
  {
    id: 'breaker-threshold',
    title: 'Breaker threshold',
    place: paymentsToBank,
    summary: 'The share of failed calls, over ten seconds, that opens the breaker.',
    cost: 'Too low, and ordinary errors open it; too high, and it opens when the damage is done.',
    options: [
      { id: '50', label: '50 %', summary: 'Half of the calls must fail.', component: null },
      {
        id: '10',
        label: '10 %',
        summary: 'One call in ten must fail.',
        component: component('breaker-threshold', '10'),
      },
      {
        id: '1',
        label: '1 %',
        summary: 'One call in a hundred is enough.',
        component: component('breaker-threshold', '1'),
      },
    ],
  },
  {
    id: 'idempotency-key',
    title: 'Idempotency key',
    place: paymentsToBank,
    summary: 'Whether each payment carries a key by which the bank knows a repeat.',
    cost: 'The other side must store and honour the keys, for as long as repeats may come.',
    options: [
      { id: 'off', label: 'off', summary: 'A repeated call is a second charge.', component: null },
      {
        id: 'on',
        label: 'on',
        summary: 'A repeated call with the same key is charged once.',
        component: component('idempotency-key', 'on'),
      },
    ],
  },
];
