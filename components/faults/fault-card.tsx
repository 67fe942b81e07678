'use client';
import type { ActiveFault } from '../../server/contract/faults.ts';
import { useAction } from '../state/action.ts';
import { useSecondsUntil } from '../state/use-seconds-until.ts';
import { targetName } from '../topology/edge-notes.ts';
import { Button } from '../ui/button.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { seconds } from '../ui/quantity.ts';
import { stopFault, useFaultKinds } from './fault-catalogue.ts';
import { evidenceLine, parametersLine, shareWords } from './fault-words.ts';
import styles from './faults.module.css';

/** A fault that acts now: what, on whom, for how long still, and what it has done. */
export function FaultCard({ fault }: { fault: ActiveFault }) {
  const kind = useFaultKinds().find(({ id }) => id === fault.kind);
  const [stop, busy] = useAction(() => stopFault(fault.id));
  const left = useSecondsUntil(fault.endsAt);
  const whole = (fault.endsAt - fault.startedAt) / 1000;
  const name = `${fault.title}: ${targetName(fault.target)}`;
  return (
    <article className={styles.card} aria-label={name}>
      <b>{name}</b>
      <Button look="link" className={styles.stop} busy={busy} aria-label={`Stop ${name}`} onClick={() => void stop()}>
        Stop
      </Button>
      <small>
        {[parametersLine(fault, kind), kind?.share !== null && shareWords(fault.share), `ends in ${seconds(left)}`]
          .filter(Boolean)
          .join(' · ')}
      </small>
      <small>{evidenceLine(fault.evidence, fault.state, kind?.counted)}</small>
      {fault.reason && <small>{fault.reason}</small>}
      <div className={styles.meter}>
        <ProgressBar label={`Time left of ${name}`} value={whole > 0 ? left / whole : 0} tone="bad" />
      </div>
    </article>
  );
}
