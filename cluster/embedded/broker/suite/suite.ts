import { test } from 'node:test';
import { World } from './case.ts';
import { cases } from './cases/index.ts';

/** Cases at once: most of them wait for an answer. */
const atOnce = 8;

/**
 * Registers every case as a test against the broker of a URL, `amqp://guest:guest@127.0.0.1:5672`.
 *
 * @param only of the names of the cases; all without it
 */
export function brokerSuite(broker: string, url: () => string, only = ''): Promise<void> {
  const chosen = cases.filter(({ name }) => new RegExp(only).test(name));
  return test(`AMQP 0-9-1 of ${broker}`, { concurrency: atOnce }, async (suite) => {
    const running = chosen.map(({ name, run }) =>
      suite.test(name, { timeout: 30_000 }, async () => {
        const world = new World(url());
        try {
          await run(world);
        } finally {
          await world.end();
        }
      }),
    );
    await Promise.all(running);
  });
}
