import { join } from 'node:path';
import { FollowedFile } from './followed-file.ts';
import { polledSource } from './polled-source.ts';
import type { Origin, Source } from './source.ts';

/** The log file that a service of the same pod writes into a folder that both have mounted. */
export function fileSource(folder: string, origin: Origin): Source {
  // One that is there already has been read by the run of this container before.
  const file = new FollowedFile(join(folder, 'service.log'), true);
  return polledSource(() => file.read().map((text) => ({ text, origin })));
}
