import { setTimeout as wait } from 'node:timers/promises';
import type { Guide } from '../../server/contract/lab.ts';
import type { Participant } from './participant.ts';

const everyMs = 500;

/** Says what is wrong in a lab that is being written, each time it was saved, until the product has ended. */
export async function tellProblems(
  me: Participant,
  lab: string,
  ended: Promise<number>,
  say: (line: string) => void,
): Promise<void> {
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  let seen = '';
  let wasBad = false;
  while (!hasEnded) {
    const guide = await me.ask<Guide>('GET', `/labs/${lab}/guide`).catch(() => null); // it may be ending
    if (guide && guide.version !== seen) {
      seen = guide.version;
      for (const { file, line, message } of guide.problems) say(`✗ labs/${lab}/${file}:${line}: ${message}`);
      if (guide.problems.length === 0 && wasBad) say(`✓ labs/${lab} has no mistake any more`);
      wasBad = guide.problems.length > 0;
    }
    await wait(everyMs);
  }
}
