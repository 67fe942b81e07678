import type { LogAgents } from '../../server/contract/logs.ts';
import { setView } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { agentsWords } from './log-words.ts';
import styles from './logs.module.css';

/** Who brings the logs here; where nobody does, where they are and how that is changed. */
export function CollectionLine({ agents }: { agents: LogAgents }) {
  if (agents.collection !== 'none') return <p className={styles.collection}>{agentsWords(agents)}</p>;
  return (
    <p className={styles.collection}>
      Nobody collects logs: they are only in the pods (<code>kubectl -n shop logs deploy/orders</code>). Set{' '}
      <b>Log collection</b> to sidecar or DaemonSet, and they come here.{' '}
      <Button look="link" onClick={() => setView({ tab: 'patterns' })}>
        Show the patterns
      </Button>
    </p>
  );
}
