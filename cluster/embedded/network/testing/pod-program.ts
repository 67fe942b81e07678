/**
 * A pod's program for tests: runs the functions that a test sends it, in order of arrival and without waiting for each
 * other. One JSON line in on stdin (`id`, `source`, `argument`), one out on stdout (`id`, `value` or `error`).
 */
import { createInterface } from 'node:readline';

interface Call {
  id: number;
  source: string;
  argument: unknown;
}

createInterface({ input: process.stdin }).on('line', (line) => {
  void run(JSON.parse(line) as Call);
});

async function run({ id, source, argument }: Call): Promise<void> {
  let outcome: object;
  try {
    // An indirect eval: the function of the test finds imports and globals, and nothing of this file.
    const program = (0, eval)(`(${source})`) as (argument: unknown) => unknown;
    outcome = { value: await program(argument) };
  } catch (thrown) {
    const error = thrown as NodeJS.ErrnoException;
    const { code, syscall } = (error.cause as NodeJS.ErrnoException | undefined) ?? error;
    outcome = { error: { message: error.message, code, syscall } };
  }
  process.stdout.write(`${JSON.stringify({ id, ...outcome })}\n`);
}
