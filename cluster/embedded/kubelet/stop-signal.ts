import { constants } from 'node:os';

/** The first and the last of the real-time signals, as container runtimes number them (moby/sys/signal). */
const [RTMIN, RTMAX] = [34, 64];

/**
 * The number of a signal by one of the names that a Pod's `stopSignal` may have: Node knows those of its system, which has no other names for
 * real-time signals than numbers. SIGTERM where this system has no such signal.
 */
export function stopSignal(name: string): number {
  const [, end, distance = '0'] = /^SIGRT(MIN|MAX)(?:[+-](\d+))?$/.exec(name) ?? [];
  if (process.platform === 'linux' && end) return end === 'MIN' ? RTMIN + Number(distance) : RTMAX - Number(distance);
  const known = constants.signals[(name === 'SIGCLD' ? 'SIGCHLD' : name) as NodeJS.Signals] as number | undefined;
  return known ?? constants.signals.SIGTERM;
}
