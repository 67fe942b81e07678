import { noCounts } from '../../cluster/faults/fault-type.ts';
import {
  isOver,
  targetText,
  type FaultEdit,
  type FaultSpec,
  type FaultStatus,
} from '../../cluster/faults/fault-object.ts';
import { faultTypeOf } from '../../cluster/faults/index.ts';
import type { ActiveFault } from '../contract/faults.ts';

/** A Fault as it comes from the cluster. */
export interface FaultObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; creationTimestamp?: string; deletionTimestamp?: string };
  spec: FaultSpec;
  status?: FaultStatus;
}

/** A Fault as pages see it. `endsAt` is when it will end, also for one that was stopped before. */
export function viewOf({ metadata, spec, status }: FaultObject): ActiveFault {
  const startedAt = Date.parse(status?.startedAt ?? metadata.creationTimestamp ?? '') || 0;
  const endsAt = Date.parse(status?.endsAt ?? '') || startedAt;
  return {
    id: metadata.name,
    kind: spec.type,
    title: faultTypeOf(spec.type)?.title ?? spec.type,
    target: targetText(spec.target),
    share: String(spec.share),
    parameters: spec.parameters,
    ...{ startedAt, endsAt },
    state: isOver(status?.phase) ? 'ended' : 'active',
    endedBy: endedBy(status),
    reason: status?.reason ?? null,
    evidence: {
      ...noCounts,
      ...status?.counts,
      pods: status?.pods ?? [],
      changes: (status?.edits ?? []).map(changeText),
    },
  };
}

function endedBy(status: FaultStatus | undefined): ActiveFault['endedBy'] {
  if (status?.phase !== 'Ended') return null;
  return Date.parse(status.endedAt ?? '') < Date.parse(status.endsAt ?? '') ? 'stop' : 'lease';
}

function changeText({ name, field, before, after, undone, commit }: FaultEdit): string {
  return `${name}: ${field} ${before ?? '(none)'} → ${after}${commit ? ` by commit ${commit}` : ''}${undone ? ', undone by somebody else' : ''}`;
}
