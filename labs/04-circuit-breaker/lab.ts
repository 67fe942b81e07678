import type { SystemState } from '../../server/contract/lab.ts';
import type { LabDefinition } from '../lab.ts';
import * as checks from './checks.ts';
import { CATALOG, CHECKOUT, CUSTOMER } from './signals.ts';
import { damage, verdict } from './predictions.ts';
import { recap } from './recap.ts';

const slowBank = { kind: 'bank-slow', target: 'bank', parameters: { delayMs: 3000, percent: 60 }, duration: 900 };

const atRest: SystemState = { patterns: {}, faults: [], load: 0 };
const healthy: SystemState = { ...atRest, load: 60 };
const badDay: SystemState = { ...healthy, faults: [slowBank] };
const withTimeout: SystemState = { ...badDay, patterns: { timeout: '500ms' } };
const withBreaker: SystemState = { ...badDay, patterns: { timeout: '500ms', 'circuit-breaker': 'library' } };
const healed: SystemState = { ...withBreaker, faults: [] };
const nervous: SystemState = { ...healed, patterns: { ...healed.patterns, 'breaker-threshold': '1' } };

export const circuitBreaker: LabDefinition = {
  id: '04-circuit-breaker',
  number: 4,
  title: 'Circuit breaker',
  goal: 'Keep a slow third party from taking the whole shop down, and find out what the protection costs.',
  minutes: 12,
  level: 'start',
  baseline: { check: 'baseline', signals: [CUSTOMER, CATALOG, CHECKOUT, 'orders'] },
  recap,
  steps: [
    {
      id: 'follow-one-order',
      title: 'Follow one order',
      start: atRest,
      solution: healthy,
      acts: [{ type: 'open-trace', name: 'POST /api/orders' }],
      prediction: null,
      checks: [checks.traceOpened, checks.baseline],
      hints: [
        'Load stands in the bar at the top. Each request is a real one, through every service you see.',
        'Traces are in the panel at the bottom. Look for one named POST /api/orders.',
        'Set the load to 60 requests per second, open any POST /api/orders under Traces, then wait ten seconds.',
      ],
    },
    {
      id: 'bad-day',
      title: 'The bank has a bad day',
      start: healthy,
      solution: badDay,
      acts: [],
      prediction: damage,
      checks: [checks.customersSlow, checks.catalogSlow],
      hints: [
        'The fault is one click: the button in the text, or the bank itself in the topology.',
        'Payments handles 16 requests at once. At 60 % of 20 orders a second, 3 s each, it needs 36.',
        'Start “Slow dependency” on the bank with 3000 ms on 60 % of calls, and give it half a minute.',
      ],
    },
    {
      id: 'timeout',
      title: 'A timeout is not enough',
      start: badDay,
      solution: withTimeout,
      acts: [],
      prediction: null,
      checks: [checks.latencyAtTimeout, checks.ordersFailing],
      hints: [
        'Timeout is under Patterns, in the group payments → bank.',
        'The switch is a rolling update. The queues in front of payments need a few seconds more to drain.',
        'Choose 500 ms. Should the bank be well again, reset the step.',
      ],
    },
    {
      id: 'fail-fast',
      title: 'Fail fast',
      start: withTimeout,
      solution: withBreaker,
      acts: [{ type: 'diff-opened', pattern: 'circuit-breaker' }],
      prediction: verdict,
      checks: [checks.breakerOpen, checks.diffRead, checks.catalogHealthy, checks.ordersDrained],
      hints: [
        'The breaker judges by the last ten seconds of calls to the bank. It opens when half of them fail.',
        'Leave the 500 ms timeout on: without it a slow call is no failed call, and the breaker has nothing to count.',
        'Switch the circuit breaker to library, open its YAML diff, and wait ten seconds.',
      ],
    },
    {
      id: 'heal',
      title: 'Let it heal',
      start: withBreaker,
      solution: healed,
      acts: [],
      prediction: null,
      checks: [checks.breakerHeals, checks.errorsBack],
      hints: [
        'An open breaker lets one call through every 15 s. The label on the edge counts down to it.',
        'A probe can only succeed for good once the bank is well again.',
        'Stop the fault and wait for the next probe.',
      ],
    },
    {
      id: 'bill',
      title: 'The bill',
      start: healed,
      solution: nervous,
      acts: [{ type: 'recap-read' }],
      prediction: null,
      checks: [checks.falseTrip, checks.recapRead],
      hints: [
        'Even a healthy bank fails one call in a hundred.',
        'The breaker judges after ten calls. With a threshold of 1 %, one failure among them is enough.',
        'Set the breaker threshold to 1 %, wait for a trip, then read the recap to its end.',
      ],
    },
  ],
};
