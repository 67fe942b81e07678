import { scaledValue, type IntOrPercent } from '../../kinds/int-or-percent.ts';
import type { DaemonSet, Node, Pod } from '../../kinds/types.ts';
import { podRevisionLabel } from '../../reconcile/controller-revisions.ts';
import { isReady, untilAvailable } from '../../reconcile/pod-state.ts';
import { eligibility, nodeOf } from './eligible-nodes.ts';

export interface Situation {
  daemonSet: DaemonSet;
  nodes: Node[];
  /** All its pods, those that are ending too. */
  pods: Pod[];
  /** Hash of the template as it is now. */
  hash: string;
  /** Unix time in ms. */
  now: number;
}

export interface Plan {
  /** Nodes that get a pod of the present template. */
  create: string[];
  delete: Pod[];
  /** Of those, the ones that failed: they are made anew. */
  failed: Pod[];
}

/** The pods of one node, of the present template and of an earlier one. */
interface OnNode {
  node: string;
  /** Whether it may have another one. */
  starts: boolean;
  fresh: Pod | undefined;
  old: Pod | undefined;
}

/** What to do now: one pod on each eligible node and none elsewhere, then as much of a roll as it may go on. */
export function plan(situation: Situation): Plan {
  const { daemonSet, nodes, pods, hash } = situation;
  const todo: Plan = { create: [], delete: [], failed: [] };
  const { maxSurge, maxUnavailable } = bounds(situation);
  const settled: OnNode[] = [];
  for (const node of nodes) {
    const here = pods.filter((pod) => nodeOf(pod) === node.metadata.name);
    const { starts, stays } = eligibility(daemonSet, node);
    const live = here.filter(({ metadata }) => !metadata.deletionTimestamp);
    if (!stays) {
      todo.delete.push(...live);
      continue;
    }
    const failed = live.filter(({ status }) => status?.phase === 'Failed');
    todo.failed.push(...failed);
    todo.delete.push(...failed);
    const running = live.filter((pod) => !failed.includes(pod)).sort(oldestFirst);
    const [fresh, ...freshToo] = running.filter((pod) => isFresh(pod, hash));
    const [old, ...oldToo] = running.filter((pod) => !isFresh(pod, hash));
    todo.delete.push(...freshToo, ...oldToo);
    // One for another template is too many unless a surge has made it.
    if (fresh && old && maxSurge === 0) todo.delete.push(old);
    if (here.length === 0 && starts) todo.create.push(node.metadata.name);
    // A node that keeps new pods off and has none is no part of a roll.
    if (here.length > 0 || starts) settled.push({ node: node.metadata.name, starts, fresh, old });
  }
  const known = new Set(nodes.map(({ metadata }) => metadata.name));
  todo.delete.push(...pods.filter((pod) => !pod.metadata.deletionTimestamp && !known.has(nodeOf(pod) ?? '')));
  if (daemonSet.spec?.updateStrategy?.type === 'OnDelete') return todo;
  if (maxSurge > 0) rollBySurge(situation, settled, maxSurge, todo);
  else rollByReplacement(situation, settled, maxUnavailable, todo);
  return todo;
}

/** Old pods go as far as so many nodes may be without an available one; those that are not available are missed by nobody. */
function rollByReplacement(situation: Situation, nodes: OnNode[], maxUnavailable: number, todo: Plan): void {
  const candidates: Pod[] = [];
  let unavailable = 0;
  for (const { fresh, old } of nodes) {
    if (fresh || !old) {
      if (!fresh || !isAvailable(fresh, situation)) unavailable++;
    } else if (isAvailable(old, situation)) candidates.push(old);
    else {
      unavailable++;
      todo.delete.push(old);
    }
  }
  todo.delete.push(...candidates.slice(0, Math.max(0, maxUnavailable - unavailable)));
}

/** New pods start beside the old ones, on so many nodes at once; an old one goes when the new one is available. */
function rollBySurge(situation: Situation, nodes: OnNode[], maxSurge: number, todo: Plan): void {
  const candidates: string[] = [];
  let surging = 0;
  for (const { node, starts, fresh, old } of nodes) {
    if (!old) continue;
    if (fresh && isAvailable(fresh, situation)) todo.delete.push(old);
    else if (fresh) surging++;
    else if (!starts) continue;
    else if (isAvailable(old, situation)) candidates.push(node);
    else {
      surging++;
      todo.create.push(node);
    }
  }
  todo.create.push(...candidates.slice(0, Math.max(0, maxSurge - surging)));
}

function bounds({ daemonSet, nodes }: Situation): { maxSurge: number; maxUnavailable: number } {
  const desired = nodes.filter((node) => eligibility(daemonSet, node).starts).length;
  const { maxSurge, maxUnavailable } = (daemonSet.spec?.updateStrategy?.rollingUpdate ?? {}) as {
    maxSurge?: IntOrPercent;
    maxUnavailable?: IntOrPercent;
  };
  const surge = scaledValue(maxSurge ?? 0, desired, Math.ceil);
  const unavailable = scaledValue(maxUnavailable ?? 1, desired, Math.ceil);
  return { maxSurge: surge, maxUnavailable: surge + unavailable === 0 ? 1 : unavailable };
}

/** What its pods amount to, as `kubectl rollout status` reads it; each eligible node counts once. */
export function daemonSetStatus(situation: Situation): NonNullable<DaemonSet['status']> {
  const { daemonSet, nodes, pods, hash } = situation;
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  for (const node of nodes) {
    const here = pods
      .filter((pod) => pod.spec?.nodeName === node.metadata.name && !pod.metadata.deletionTimestamp)
      .sort((a, b) => Number(isReady(b)) - Number(isReady(a)) || oldestFirst(a, b));
    const [first] = here;
    if (!eligibility(daemonSet, node).starts) {
      if (first) counts.misscheduled++;
      continue;
    }
    counts.desired++;
    if (!first) continue;
    counts.current++;
    if (isReady(first)) counts.ready++;
    if (isAvailable(first, situation)) counts.available++;
    if (here.some((pod) => isFresh(pod, hash))) counts.updated++;
  }
  const unavailable = counts.desired - counts.available;
  return {
    ...daemonSet.status,
    observedGeneration: daemonSet.metadata.generation,
    desiredNumberScheduled: counts.desired,
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    numberReady: counts.ready,
    updatedNumberScheduled: counts.updated,
    numberAvailable: counts.available || undefined,
    numberUnavailable: unavailable || undefined,
  };
}

function isAvailable(pod: Pod, { daemonSet, now }: Situation): boolean {
  return untilAvailable(pod, daemonSet.spec?.minReadySeconds ?? 0, now) === 0;
}

function isFresh(pod: Pod, hash: string): boolean {
  return pod.metadata.labels?.[podRevisionLabel] === hash;
}

function oldestFirst(a: Pod, b: Pod): number {
  return Date.parse(a.metadata.creationTimestamp ?? '') - Date.parse(b.metadata.creationTimestamp ?? '');
}
