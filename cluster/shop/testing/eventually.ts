import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks until there is an answer.
 *
 * @param hopeless throws when there can be none any more.
 * @throws when that takes too long, with what was last wrong as cause.
 */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  withinMs = 30_000,
  hopeless: () => void = () => undefined,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (let last: unknown; ;) {
    hopeless();
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`, { cause: last });
    await delay(20);
  }
}
