import type { Unit } from './figures.ts';

export type FactValue = number | string | boolean;

/** The running system, as expressions may ask about it; or a recording of it. */
export interface Facts {
  /** Null where there is nothing to tell: without calls there is no p95. @param when `baseline`: as it was while the shop was well */
  ask(fact: string, args: readonly string[], when: 'now' | 'baseline'): FactValue | null;
}

/** One word of the vocabulary: a function that expressions may call with strings. */
export interface FactDefinition {
  name: string;
  /** Names of its arguments. */
  args: string[];
  type: 'double' | 'string' | 'bool';
  /** Of a number. */
  unit?: Unit;
  /** As it stands in the title of a check. */
  says: (...args: string[]) => string;
  /** For docs/writing-a-lab.md. */
  means: string;
  /** Of a lab's own word: how it follows from others. Null where there is nothing to tell. */
  from?: (ask: (fact: string, ...args: string[]) => FactValue | null, ...args: string[]) => FactValue | null;
}

/** `payments>bank` as `payments → bank`; `customer` are the customers. */
function nameOf(signal: string): string {
  if (signal === 'customer') return 'customers';
  return signal.replace(/^customer /, '').replace('>', ' → ');
}

const number = (
  name: string,
  unit: Unit,
  arg: string,
  says: (name: string) => string,
  means: string,
): FactDefinition => {
  return { name, args: [arg], type: 'double', unit, says: (signal) => says(nameOf(signal)), means };
};

/**
 * All that a check, a condition of the recap or a figure in the text may ask. A signal is a service (`orders`), a call
 * (`payments>bank`), `customer` for all customers, or one of their operations (`customer POST /api/orders`).
 */
export const vocabulary: FactDefinition[] = [
  number('p50', 'ms', 'signal', (of) => `p50 of ${of}`, 'half of the requests took at most this long, in ms'),
  number('p95', 'ms', 'signal', (of) => `p95 of ${of}`, '95 % of the requests took at most this long, in ms'),
  number('p99', 'ms', 'signal', (of) => `p99 of ${of}`, '99 % of the requests took at most this long, in ms'),
  number('rate', 'per second', 'signal', (of) => `requests of ${of}`, 'requests that ended, per second'),
  number('goodput', 'per second', 'signal', (of) => `successes of ${of}`, 'requests that succeeded, per second'),
  number('errors', 'share', 'signal', (of) => `errors of ${of}`, 'the share of requests that failed, 0 to 1'),
  number(
    'retries',
    'per second',
    'call',
    (of) => `retries ${of}`,
    'calls that repeated a failed one, and messages delivered again, per second',
  ),
  number('inflight', 'count', 'service', (of) => `requests in flight at ${of}`, 'requests being handled or waiting'),
  {
    name: 'load',
    args: [],
    type: 'double',
    unit: 'per second',
    says: () => 'the load',
    means: 'requests per second that customers are to send',
  },
  {
    name: 'pattern',
    args: ['pattern'],
    type: 'string',
    says: (id) => id.replaceAll('-', ' '),
    means: "the option that is switched on, by its id in pattern.yaml; of a number its text: `'35'`",
  },
  {
    name: 'fault',
    args: ['target'],
    type: 'bool',
    says: (target) => `a fault acts on ${nameOf(target)}`,
    means: 'a fault is active on the service, call or pod',
  },
  {
    name: 'breaker',
    args: ['call'],
    type: 'string',
    says: (of) => `the breaker ${nameOf(of)}`,
    means: '`closed`, `open` or `half-open`; nothing without a breaker',
  },
  {
    name: 'opened',
    args: ['call'],
    type: 'double',
    unit: 'count',
    says: (of) => `openings of the breaker ${nameOf(of)}`,
    means: 'how often the breaker has opened since the step opened',
  },
  {
    name: 'openedInCalm',
    args: ['call'],
    type: 'double',
    unit: 'count',
    says: (of) => `openings of the breaker ${nameOf(of)} with no fault near`,
    means: 'of these, the times when no fault had been active for 15 s',
  },
  {
    name: 'healed',
    args: ['call'],
    type: 'bool',
    says: (of) => `the breaker ${nameOf(of)} opened, probed and closed again`,
    means: 'it opened during the run, was half-open since, and is closed',
  },
  {
    name: 'ledger',
    args: ['entry'],
    type: 'double',
    unit: 'count',
    says: (entry) => entry.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    means:
      'orders since the step opened: `accepted`, `failed`, `chargedOnce`, `chargedTwice`, `acceptedNeverCharged`, `chargedNeverAccepted`, `toBePaid`, `refunded`, `mailsTwice`',
  },
  {
    name: 'ledgerRate',
    args: ['entry'],
    type: 'double',
    unit: 'per second',
    says: (entry) => `${entry.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} orders`,
    means: 'how many more orders there are of an entry of the ledger, per second, over the last 5 s',
  },
  {
    name: 'paidAfter',
    args: [],
    type: 'double',
    unit: 'ms',
    says: () => 'the time from order to paid',
    means: '95 % of the orders that were paid in the last 5 s had been made at most this long before, in ms',
  },
  {
    name: 'queued',
    args: ['queue'],
    type: 'double',
    unit: 'count',
    says: (queue) => `messages in the queue ${queue.split('>').at(-1)}`,
    means:
      'messages that wait in a queue of a broker, as `rabbitmq>payments`; what was put aside is in `rabbitmq>payments.dead`',
  },
  {
    name: 'gathered',
    args: ['queue'],
    type: 'double',
    unit: 'count',
    says: (queue) => `more messages in the queue ${queue.split('>').at(-1)}`,
    means: 'how many more messages wait in a queue than when the step opened: nobody empties that of dead letters',
  },
  {
    name: 'opentrace',
    args: ['name'],
    type: 'double',
    unit: 'ms',
    says: (name) => `the longest trace of ${name} that you opened`,
    means: 'how long the longest trace of that name took that the learner opened in this step, in ms',
  },
  {
    name: 'answered',
    args: ['question'],
    type: 'bool',
    says: () => 'you found the answer',
    means: 'the learner has answered the question of this step, by its id, rightly',
  },
  {
    name: 'read',
    args: ['what'],
    type: 'bool',
    says: (what) => (what === 'recap' ? 'you read the recap of your own run' : `you read the diff of ${what}`),
    means: 'the learner has opened the recap (`recap`), or the YAML diff of a pattern (its id), in this step',
  },
];

/** Of one fact, for recordings and for what is kept as the baseline: `p95 customer`. */
export function keyOf(fact: string, args: readonly string[], when: 'now' | 'baseline'): string {
  return [...(when === 'baseline' ? ['baseline'] : []), fact, ...args].join(' ');
}
