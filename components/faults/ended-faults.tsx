import type { ActiveFault } from '../../server/contract/faults.ts';
import { targetName } from '../topology/edge-notes.ts';
import { plural } from '../ui/quantity.ts';
import { useFaultKinds } from './fault-catalogue.ts';
import { endedLine, evidenceLine } from './fault-words.ts';
import styles from './faults.module.css';

/** The rest is a number: whoever stops sixteen faults at once wants the patterns below, not a wall. */
const SHOWN = 4;

/** What each fault had done when it ended, and how it ended; the latest first, as the server lists them. */
export function EndedFaults({ faults }: { faults: readonly ActiveFault[] }) {
  const rest = faults.length - SHOWN;
  const kinds = useFaultKinds();
  const countedBy = (fault: ActiveFault) => kinds.find(({ id }) => id === fault.kind)?.counted;
  return (
    <ul className={styles.ended} aria-label="Ended faults">
      {faults.slice(0, SHOWN).map((fault) => (
        <li key={fault.id}>
          <b>
            {fault.title}: {targetName(fault.target)}
          </b>
          <small>
            {evidenceLine(fault.evidence, fault.state, countedBy(fault))} · {endedLine(fault)}
          </small>
        </li>
      ))}
      {rest > 0 && (
        <li>
          <small>and {plural(rest, 'other')}</small>
        </li>
      )}
    </ul>
  );
}
