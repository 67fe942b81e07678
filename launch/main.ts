// The supervisor as a process of its own: where `npm start` itself runs on an older Node than the pinned one.
import { fileURLToPath } from 'node:url';
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
  await supervise(fileURLToPath(new URL('..', import.meta.url)), createPhases(process.stdout));
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
