import type { Sync } from '../../server/contract/patterns.ts';
import { useMember, useSystem } from '../state/use-system.ts';
import styles from './gitops.module.css';
import { StateMark } from './state-mark.tsx';
import { wholeOf } from './sync-words.ts';

/** How far the cluster is towards the desired state, in one line that is read out as it changes; null before it is known. */
export function SyncLine({ sync }: { sync: Sync | null }) {
  const problem = useSystem('desiredProblem');
  const connected = useMember('cluster', (cluster) => cluster.connected) ?? false;
  const whole = sync && wholeOf(sync, problem, connected);
  return (
    <div className={styles.line}>
      <p role="status" aria-label="Sync">
        {whole ? <StateMark state={whole.state}>{whole.words}</StateMark> : 'Reading the state…'}
      </p>
      {sync?.revision && (
        <p className={styles.revision}>
          at <code>{sync.revision.id.slice(0, 7)}</code> {sync.revision.title}
        </p>
      )}
    </div>
  );
}
