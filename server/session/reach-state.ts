import { setTimeout as wait } from 'node:timers/promises';
import type { ActiveFault, FaultRequest } from '../contract/faults.ts';
import type { LabState } from '../../labs/engine/lab.ts';
import { activeFaults } from './lab-system.ts';
import { faultRequest } from './fault-request.ts';
import type { LabSystem } from './lab-system.ts';

/** A rolling update may take this long before the state counts as reached; it then goes on by itself. */
const ROLLOUT_MS = 7000;
const POLL_MS = 100;

/**
 * Brings the system into a state, doing only what differs: faults that are not wanted end first, so that rolling updates are
 * quick; wanted ones start last. `reason` becomes the title of the commit. Throws CodedError of the part that failed.
 */
export async function reachState(
  system: LabSystem,
  { patterns, load, faults }: LabState,
  reason: string,
  now: () => number = Date.now,
): Promise<void> {
  const wantedFaults = faults.map(faultRequest);
  const active = activeFaults(system);
  const kept = active.filter((fault) => wantedFaults.some((wanted) => satisfies(fault, wanted, now())));
  await Promise.all(active.filter((fault) => !kept.includes(fault)).map((fault) => system.faults.stop(fault.id)));
  const differs = system.patterns.list().some((pattern) => {
    return pattern.selected !== (patterns[pattern.id] ?? pattern.default);
  });
  // One commit and one rolling update, however many patterns differ.
  if (differs) await system.patterns.selectAll(patterns, reason);
  if (system.load.view().rate !== load) await system.load.set(load);
  const deadline = now() + ROLLOUT_MS;
  while (system.patterns.list().some(({ rolling }) => rolling) && now() < deadline) await wait(POLL_MS);
  const missing = wantedFaults.filter((wanted) => !kept.some((fault) => satisfies(fault, wanted, now())));
  // Whoever goes on with a lab after all faults were stopped wants them again.
  if (system.faults.blocked) await system.faults.release();
  for (const fault of missing) await system.faults.start(fault);
}

/** The same fault with the same parameters, and more than half of its lease left. */
function satisfies(fault: ActiveFault, wanted: FaultRequest, now: number): boolean {
  const sameParameters = Object.entries(wanted.parameters ?? {}).every(
    ([name, value]) => fault.parameters[name] === value,
  );
  const left = (fault.endsAt - now) / 1000;
  return (
    fault.kind === wanted.kind && fault.target === wanted.target && sameParameters && left > (wanted.duration ?? 0) / 2
  );
}
