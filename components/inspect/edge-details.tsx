import type { BreakerView, EdgeView } from '../../server/contract/topology.ts';
import { useSecondsUntil } from '../state/use-seconds-until.ts';
import { setView } from '../state/view.ts';
import { edgeName } from '../topology/edge-notes.ts';
import { Button } from '../ui/button.tsx';
import { Group } from '../ui/group.tsx';
import { count, rate } from '../ui/quantity.ts';
import { Facts, trafficFacts } from './facts.tsx';
import styles from './inspect.module.css';

const titles: Record<EdgeView['protocol'], string> = {
  ...{ http: 'HTTP calls', sql: 'SQL calls' },
  ...{ messaging: 'Messages', 'object-store': 'Object store calls' },
};

export function EdgeDetails({ edge }: { edge: EdgeView }) {
  return (
    <>
      <Group title={titles[edge.protocol]}>
        <h3 className={styles.title}>{edgeName(edge)}</h3>
        <Facts
          facts={[...trafficFacts(edge), ['Retries', rate(edge.retryRate)], ['Timeouts', rate(edge.timeoutRate)]]}
        />
        <div className={styles.actions}>
          <Button onClick={() => setView({ tab: 'faults' })}>Break it…</Button>
        </div>
      </Group>
      {edge.breaker && <Breaker breaker={edge.breaker} />}
    </>
  );
}

function Breaker({ breaker }: { breaker: BreakerView }) {
  const left = useSecondsUntil(breaker.openUntil ?? 0);
  return (
    <Group title="Circuit breaker">
      <Facts
        facts={[
          ['State', breaker.state],
          ['Next probe', breaker.state === 'open' ? `in ${left} s` : '–'],
          ['Turned away', rate(breaker.rejectedRate)],
          ['Opened', `${count(breaker.trips)} times`],
        ]}
      />
    </Group>
  );
}
