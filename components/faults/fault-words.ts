import type {
  ActiveFault,
  FaultEvidence,
  FaultKind,
  FaultParameter,
  StopAllResult,
} from '../../server/contract/faults.ts';
import { clockSeconds, count, decimal, plural } from '../ui/quantity.ts';

/** `3 000 ms`, `60 %`: a parameter's value with its unit. */
export function withUnit(value: number, unit: string): string {
  return unit === '' ? decimal(value) : `${Number.isInteger(value) ? count(value) : decimal(value)} ${unit}`;
}

/** `Latency 3 000 ms · Share 60 %`; without a description of the kind, the bare numbers. */
export function parametersLine(fault: ActiveFault, kind: FaultKind | undefined): string {
  return Object.entries(fault.parameters)
    .map(([name, value]) => {
      const parameter = kind?.parameters.find((each) => each.name === name);
      return parameter ? `${parameter.label} ${withUnit(value, parameter.unit)}` : `${name} ${decimal(value)}`;
    })
    .join(' · ');
}

/** What the fault has done, by its own count. */
export function evidenceLine(
  { delayed, failed, dropped, killed, sent, pods, changes }: FaultEvidence,
  state: ActiveFault['state'],
  counted = 'call',
): string {
  const parts: string[] = [];
  if (delayed > 0) parts.push(`${plural(delayed, counted)} delayed`);
  if (failed > 0) parts.push(`${plural(failed, counted)} failed`);
  if (dropped > 0) parts.push(`${plural(dropped, 'connection')} dropped`);
  if (killed > 0) parts.push(`${count(killed)} killed`);
  if (sent > 0) parts.push(`${count(sent)} sent on top`);
  if (pods.length > 0) parts.push(`${plural(pods.length, 'pod')} hit`);
  parts.push(...changes);
  if (parts.length > 0) return parts.join(', ');
  return state === 'active' ? `No ${counted} has met it yet` : `No ${counted} met it`;
}

/** Blast radius: how many of the pods that a fault could hit it hits. */
export function shareWords(share: string): string {
  if (share === '100%') return 'all pods';
  if (share === 'one' || share === '1') return 'one pod';
  return share.endsWith('%') ? `${share.slice(0, -1)} % of the pods` : `${share} pods`;
}

/** How a fault ended. One without a lease did its work at once; one that never acted says why. */
export function endedLine({ startedAt, endsAt, endedBy, reason }: ActiveFault): string {
  if (endedBy === null && reason) return `did not act: ${reason}`;
  if (endsAt <= startedAt) return `at ${clockSeconds(startedAt)}`;
  return endedBy === 'stop' ? 'stopped before its time' : `ended by itself at ${clockSeconds(endsAt)}`;
}

/** What "stop all" came to. Without its answer (another page asked, or this one was loaded since) only the block is known. */
export function proofWords(proof: StopAllResult | null): { title: string; detail: string } {
  const block = 'New faults are blocked until you release them.';
  if (!proof)
    return { title: 'New faults are blocked', detail: 'All faults were told to stop. Release to start new ones.' };
  const stopped = `${plural(proof.stopped.length, 'fault')} stopped`;
  if (proof.remaining.length === 0) {
    return { title: 'All faults are stopped', detail: `${stopped}, nothing is left in the cluster. ${block}` };
  }
  const left = proof.remaining.join(', ');
  return {
    title: 'Not everything is stopped',
    detail: `${stopped}. Not proven gone: ${left}. ${block}`,
  };
}

/** The parameters as a form begins with them, overridden by what a guide asks for. */
export function startValues(parameters: readonly FaultParameter[]): Record<string, number> {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default]));
}

/**
 * What a fault started now would act on: what was chosen last, in the form or in the topology; without a choice the first
 * there is. '' when nothing of what was chosen is left: something else must not be hit in its place.
 */
export function targetNow(kind: FaultKind, selection: string, chosen: ChosenTarget): string {
  const selectedSince = selection !== chosen.under && isMeant(kind, selection);
  const wanted = selectedSince ? selection : chosen.target;
  if (wanted === '') return kind.targets[0] ?? '';
  if (!selectedSince && isOther(kind, wanted)) return wanted;
  return targetOf(kind, wanted) ?? '';
}

/** Whether a target is chosen among what a fault acts on as well, such as a node in place of a pod. */
function isOther(kind: FaultKind, target: string): boolean {
  return otherOf(kind, target) !== undefined;
}

function otherOf(kind: FaultKind, target: string) {
  return kind.otherTargets.find(({ names }) => names.includes(target));
}

/** Whether a target is a single pod: what a service, the callers of an edge or a node are may be many. */
export function isOnePod(kind: FaultKind, target: string): boolean {
  return (otherOf(kind, target)?.kind ?? kind.targetKind) === 'pod';
}

/** Whether a selection in the topology says something about the target. A service does so for pods, even while it has none. */
function isMeant(kind: FaultKind, selection: string): boolean {
  if (kind.targetKind === 'pod') return selection !== '' && !selection.includes('>');
  return kind.targets.includes(selection);
}

/**
 * A choice in a form, by hand or by a start, and what was selected in the topology when it was made: a later selection
 * counts more. `target` is '' before the first.
 */
export interface ChosenTarget {
  target: string;
  under: string;
}

/** The target that a name stands for: itself, or the first pod of that service, or of that service a pod was of. */
export function targetOf(kind: FaultKind, selection: string): string | null {
  if (selection === '') return null;
  if (kind.targets.includes(selection)) return selection;
  if (kind.targetKind !== 'pod') return null;
  const service = selection.split('-', 1)[0]!;
  return kind.targets.find((pod) => pod.startsWith(`${service}-`)) ?? null;
}
