import { useSystem } from '../state/use-system.ts';
import { clockSeconds } from '../ui/quantity.ts';
import styles from './gitops.module.css';

/** What becomes of what others change in the cluster, and what it was last. */
export function OthersChanges({ selfHeals }: { selfHeals: boolean }) {
  const [last] = useSystem('drifts') ?? [];
  if (!selfHeals)
    return (
      <p className={styles.about}>
        What others change stays until the next commit; with GitOps as Delivery of changes it is changed back.
      </p>
    );
  return (
    <p className={styles.about}>
      What others change is changed back.{' '}
      {last && `The last was ${last.object} ${last.fields.join(', ')} at ${clockSeconds(last.at)}.`}
    </p>
  );
}
