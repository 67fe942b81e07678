import type { Change } from './format.ts';
import type { Act, LabState } from './lab.ts';

/** The state that a step's changes make of the one before. Throws Error for a fault to stop that was not started. */
export function after(start: LabState, changes: readonly Change[]): LabState {
  let { patterns, faults, load } = start;
  for (const change of changes) {
    if ('pattern' in change) patterns = { ...patterns, [change.pattern]: change.option };
    else if ('load' in change) load = change.load;
    else if ('stop' in change) {
      const left = faults.filter(({ fault, target }) => fault !== change.stop || target !== change.target);
      if (left.length === faults.length)
        throw new Error(`no step before it starts the fault ${change.stop} on ${change.target}`);
      faults = left;
    } else if ('fault' in change) {
      const { fault, target } = change.fault;
      faults = [...faults.filter((each) => each.fault !== fault || each.target !== target), change.fault];
    }
  }
  return { patterns, faults, load };
}

/** What a step's changes ask of the learner beside the shop. */
export function actsOf(changes: readonly Change[]): Act[] {
  return changes.flatMap((change): Act[] => {
    if ('open' in change) return [{ type: 'open-trace', name: change.name, overMs: change.over ?? 0 }];
    if ('read' in change) return [{ type: 'read', what: change.read }];
    return 'answer' in change ? [{ type: 'answer', question: change.answer }] : [];
  });
}
