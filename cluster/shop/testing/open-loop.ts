import { setTimeout as delay } from 'node:timers/promises';

/** What became of one request; without a status where nobody answered within the customer's patience. */
export interface Outcome {
  status: number | undefined;
  ms: number;
}

interface OpenLoop {
  /** Requests a second, whether the ones before are answered or not. */
  rate: number;
  forMs: number;
  patienceMs: number;
  send: (signal: AbortSignal) => Promise<Response>;
}

/** Sends requests as customers do, who do not wait for each other. Resolves when the last has its answer or has given up. */
export async function openLoop({ rate, forMs, patienceMs, send }: OpenLoop): Promise<Outcome[]> {
  const begun = performance.now();
  const outcomes: Promise<Outcome>[] = [];
  for (let due = begun; due < begun + forMs; due += 1000 / rate) {
    await delay(Math.max(0, due - performance.now()));
    outcomes.push(outcome(send, patienceMs));
  }
  return Promise.all(outcomes);
}

async function outcome(send: OpenLoop['send'], patienceMs: number): Promise<Outcome> {
  const since = performance.now();
  const status = await send(AbortSignal.timeout(patienceMs)).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    },
    () => undefined,
  );
  return { status, ms: performance.now() - since };
}

/** The time in ms within which 95 of 100 had their answer, or had given up. */
export function p95(outcomes: Outcome[]): number {
  return outcomes.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.ceil(outcomes.length * 0.95) - 1]!;
}
