// The supervisor as a process of its own: where launch/start.mjs itself runs on an older Node than the pinned one.
import { fileURLToPath } from 'node:url';
import { readCommand } from './command.mjs';
import { describeFailure } from './launch-error.mjs';
import { createPhases } from './phases.mjs';
import { supervise } from './supervisor.ts';

// Whoever reads our output may leave; the lab goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  const command = readCommand(process.argv.slice(2));
  await supervise(fileURLToPath(new URL('..', import.meta.url)), createPhases(process.stdout), command);
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
