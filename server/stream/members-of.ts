import type { Frame } from '../contract/frame.ts';
import type { Marks } from '../marks.ts';
import type { System } from '../system.ts';

/** What of the system pages are told of. */
type Shown = Pick<System, 'cluster' | 'topology' | 'customer'> & {
  faults: Pick<System['faults'], 'list' | 'blocked'>;
  patterns: Pick<System['patterns'], 'list' | 'problem' | 'drifts' | 'changes'>;
  ledger: Pick<System['ledger'], 'total'>;
  load: Pick<System['load'], 'view'>;
};

/** Everything in a frame but its time and its signals, and what is of one participant alone. */
export function membersOf(system: Shown, marks: Marks): Omit<Frame, 'time' | 'signals' | 'lab'> {
  return {
    cluster: system.cluster(),
    topology: system.topology(),
    customer: system.customer(),
    marks: marks.list(),
    faults: system.faults.list(),
    faultsBlocked: system.faults.blocked,
    patterns: system.patterns.list(),
    desiredProblem: system.patterns.problem(),
    drifts: [...system.patterns.drifts()],
    lastChange: system.patterns.changes()[0] ?? null,
    ledger: system.ledger.total(),
    load: system.load.view(),
  };
}
