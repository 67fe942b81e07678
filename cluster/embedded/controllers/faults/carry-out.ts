import type { Unreached } from '../../../faults/drivers/driver.ts';
import { targetText, type FaultSpec } from '../../../faults/fault-object.ts';
import { choose } from '../../../faults/share.ts';
import { deploymentsOf, destinationsOf, podsOf, type World } from '../../../faults/targets.ts';
import type { Api } from '../../apiserver/api.ts';
import type { Fault } from '../../kinds/types.ts';
import { iso, type FaultObjects } from './fault-objects.ts';
import type { FaultRun } from './fault-run.ts';
import type { FaultRuns } from './fault-runs.ts';
import { worldOf } from './scope.ts';

/** When who could not be reached is tried again, in ms. */
export const retryMs = 500;

/** What beginning and ending a fault work with. */
export interface FaultWork {
  api: Api;
  runs: FaultRuns;
  objects: FaultObjects;
}

/**
 * Makes a fault act on those of the pods of its target that its share is of, as they are now, and writes down how far that is.
 * Answers after how many ms to look again.
 */
export async function carryOut(work: FaultWork, fault: Fault, run: FaultRun): Promise<number | void> {
  const { api, runs, objects } = work;
  const world = await worldOf(api);
  const { target, share } = fault.spec;
  const found = podsOf(target, run.namespace, world);
  const hittable = found.filter((pod) => runs.cannotHit(run, pod) === null);
  const impossible = hittable.length === 0 && found[0] ? runs.cannotHit(run, found[0]) : null;
  if (impossible) return fail(work, fault, run, impossible);
  const destinations = target.edge === undefined ? null : destinationsOf(target, run.namespace, world);
  const deployments = deploymentsOf(target, run.namespace, world);
  const { whole } = run.type;
  const missing = whole
    ? missingWhole(whole, target, world, deployments.length)
    : missingFor(target, hittable.length, destinations?.length ?? 0);
  if (missing && run.isMomentary) return fail(work, fault, run, missing);

  const uids = hittable.map(({ metadata }) => metadata.uid!);
  run.chosen = new Set(whole ? uids : choose(share, uids, run.hitAmong(hittable), run.id));
  if (!run.isMomentary) await objects.hold(fault);
  if (run.stopping) return;
  const pods = hittable.filter(({ metadata }) => run.chosen.has(metadata.uid!));
  const { id, remainingMs } = run;
  const order = { id, pods, destinations, deployments, node: target.node, remainingMs };
  const parts = whole && missing ? [] : runs.partsOf(run);
  const outcomes = await Promise.all(parts.map(({ driver, what }) => driver.carryOut({ ...order, what })));
  const unreached = worstOf(outcomes.flat());
  if (run.stopping) return;
  if (run.isMomentary) return momentHasPassed(work, fault, run, unreached[0]?.why);
  if (pods.length > 0 && unreached.length === pods.length && unreached.every(({ forGood }) => forGood)) {
    return fail(work, fault, run, unreached[0]!.why);
  }

  const reason = missing ?? unreached.map((each) => `${each.pod}: ${each.why}`).join('; ');
  await objects.writeStatus(fault, {
    phase: !missing && acts(run, pods.length, unreached.length) ? 'Active' : 'Pending',
    startedAt: iso(run.startedAt),
    endsAt: iso(run.endsAt),
    reason: reason || run.evidence.remark,
    undo: { state: 'Pending', silent: null },
  });
  return unreached.some(({ forGood }) => !forGood) ? Math.min(retryMs, run.remainingMs) : run.remainingMs;
}

/** One for each pod, however many parts of the fault have not reached it; one that will not be tried again comes last. */
function worstOf(all: Unreached[]): Unreached[] {
  return [
    ...new Map(
      all.toSorted((a, b) => Number(a.forGood ?? 0) - Number(b.forGood ?? 0)).map((each) => [each.pod, each]),
    ).values(),
  ];
}

/** Whether it acts on anybody. A node is acted on itself, whatever becomes of its pods; a Deployment may have none now. */
function acts({ type: { whole } }: FaultRun, pods: number, unreached: number): boolean {
  return whole === 'node' || pods > unreached || (whole === 'deployment' && pods === 0);
}

/** A momentary fault has acted, on somebody at least, or has failed. */
async function momentHasPassed(work: FaultWork, fault: Fault, run: FaultRun, why?: string): Promise<number | void> {
  const pods = run.evidence.pods();
  if (pods.length === 0) return fail(work, fault, run, why ?? 'nothing was hit');
  work.runs.forget(run);
  const at = iso(run.startedAt);
  const times = { startedAt: at, endsAt: at, endedAt: at };
  return work.objects.writeOver(fault, {
    phase: 'Ended',
    ...times,
    pods,
    counts: run.evidence.counts(),
    undo: { state: 'NotNeeded' },
  });
}

function fail({ runs, objects }: FaultWork, fault: Fault, run: FaultRun, reason: string): Promise<number> {
  runs.forget(run);
  return objects.writeNeverActed(fault, 'Failed', reason);
}

/** What has to be there and is not, in words; it may come while the lease lasts. */
function missingFor(target: FaultSpec['target'], pods: number, destinations: number): string | null {
  const [source, callee] = target.edge?.split('>') ?? [];
  if (callee !== undefined && destinations === 0) return `there is no Service ${callee} in its scope`;
  if (pods > 0) return null;
  return target.node
    ? `no pod of its scope is on ${target.node}`
    : `no pod of ${source ?? targetText(target)} is there`;
}

/** The like of a fault that acts on its target as a whole: whether it has pods now does not matter. */
function missingWhole(
  whole: 'node' | 'deployment',
  { node, service }: FaultSpec['target'],
  { nodes }: World,
  deployments: number,
): string | null {
  if (whole === 'deployment') return deployments > 0 ? null : `there is no Deployment of ${service} in its scope`;
  return nodes.some(({ metadata }) => metadata.name === node) ? null : `there is no node ${node}`;
}
