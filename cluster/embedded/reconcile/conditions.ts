import { timestamp } from '../kinds/timestamp.ts';

/** What all conditions in a status have in common. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  /** When `status` last became another; RFC 3339. */
  lastTransitionTime?: string;
}

export function findCondition<C extends Condition>(conditions: C[] | undefined, type: string): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * The conditions with this one set: in its place, or at the end. All others, whoever wrote them, stay as they are. The
 * transition time changes with the status alone.
 *
 * @param now unix time in ms
 */
export function setCondition<C extends Condition>(conditions: C[] | undefined, condition: C, now: number): C[] {
  const before = findCondition(conditions, condition.type);
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : timestamp(now);
  const next = { ...condition, lastTransitionTime };
  if (!before) return [...(conditions ?? []), next];
  return conditions!.map((other) => (other === before ? next : other));
}
