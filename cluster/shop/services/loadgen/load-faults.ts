import { z } from 'zod/v3';
import { remainingMs } from '../../service/own-fault-routes.ts';
import type { OwnFaults } from '../../service/own-faults.ts';
import { Arrivals } from './arrivals.ts';
import type { Send } from './traced-send.ts';

const spike = z.object({
  behaviour: z.literal('spike'),
  parameters: z.object({ times: z.number().min(1).max(20) }),
  remainingMs,
});
const retryStorm = z.object({
  behaviour: z.literal('retry-storm'),
  parameters: z.object({ repeats: z.number().int().min(1).max(10) }),
  remainingMs,
});
const greedyClient = z.object({
  behaviour: z.literal('greedy-client'),
  parameters: z.object({ rate: z.number().min(1).max(300) }),
  remainingMs,
});

/** What customers may be told to do to the shop. */
export const loadFault = z.discriminatedUnion('behaviour', [spike, retryStorm, greedyClient]);
export type LoadFault = z.infer<typeof loadFault>;

type Counted = Pick<OwnFaults<LoadFault>, 'acting'>;

/** Customers who send what has failed again at once, as often as a retry storm has it. */
export function impatient(send: Send, faults: Counted): Send {
  return async (request, intended) => {
    let answer = await send(request, intended);
    for (let repeat = 1; failed(answer); repeat++) {
      const storm = [...faults.acting()].find(({ fault }) => {
        return fault.behaviour === 'retry-storm' && repeat <= fault.parameters.repeats;
      });
      if (!storm) break;
      storm.count('sent');
      answer = await send(request, performance.now());
    }
    return answer;
  };
}

const failed = (answer: Awaited<ReturnType<Send>>) => !answer || answer.status >= 500;

interface ExtraOptions<B> {
  faults: Counted;
  behaviour: B;
  /** Requests a second that such a fault adds. */
  rateOf: (fault: Extract<LoadFault, { behaviour: B }>) => number;
  /** Called for each with the moment it was due, in ms of performance.now(). Must not throw. */
  arrive: (intended: number) => void;
  /** As of Arrivals. */
  latestMs: number;
}

/** Requests on top of the everyday load, for as long as faults of one behaviour act. */
export class ExtraArrivals<B extends LoadFault['behaviour']> {
  readonly #options: ExtraOptions<B>;
  readonly #arrivals: Arrivals;

  constructor(options: ExtraOptions<B>) {
    this.#options = options;
    this.#arrivals = new Arrivals({
      ...{ rate: 0, latestMs: options.latestMs, missed: () => {} },
      arrive: (intended) => {
        for (const { count } of this.#acting()) count('sent');
        options.arrive(intended);
      },
    });
  }

  start(): void {
    this.#arrivals.start();
  }

  stop(): void {
    this.#arrivals.stop();
  }

  /** A fault has begun or ended, or what its rate goes by is another. */
  review(): void {
    const rate = this.#acting().reduce((sum, { fault }) => sum + this.#options.rateOf(fault), 0);
    if (rate !== this.#arrivals.rate) this.#arrivals.rate = rate;
  }

  #acting() {
    return [...this.#options.faults.acting()].flatMap(({ fault, count }) =>
      fault.behaviour === this.#options.behaviour
        ? [{ fault: fault as Extract<LoadFault, { behaviour: B }>, count }]
        : [],
    );
  }
}
