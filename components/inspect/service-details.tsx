import type { ServiceView } from '../../server/contract/topology.ts';
import { setView } from '../state/view.ts';
import { PoolSlots } from '../topology/pool-slots.tsx';
import { queueWords } from '../topology/queue-words.ts';
import { healthSign, healthWord, readyPods } from '../topology/service-words.ts';
import { Button } from '../ui/button.tsx';
import { Group } from '../ui/group.tsx';
import { clockSeconds, count, duration } from '../ui/quantity.ts';
import { Facts, trafficFacts } from './facts.tsx';
import styles from './inspect.module.css';

export function ServiceDetails({ service }: { service: ServiceView }) {
  const facts = trafficFacts(service);
  if (service.inFlight !== null) facts.push(['In flight', count(service.inFlight)]);
  if (service.inFlight && service.oldestMs !== null) facts.push(['Oldest of these', duration(service.oldestMs)]);
  return (
    <>
      <Group title="Service">
        <h3 className={styles.title}>{service.name}</h3>
        <p className={styles.health} data-health={service.health}>
          {healthSign[service.health]} {healthWord[service.health]}
          {service.reason && `: ${service.reason}`}
        </p>
        <Facts facts={facts} />
        <div className={styles.actions}>
          <Button onClick={() => setView({ dock: 'traces', trace: null })}>See traces</Button>
          <Button onClick={() => setView({ tab: 'faults' })}>Break it…</Button>
        </div>
      </Group>
      {service.pools.length > 0 && (
        <Group title="Slots">
          {service.pools.map((pool) => (
            <PoolSlots key={pool.name} service={service.name} pool={pool} />
          ))}
        </Group>
      )}
      {service.queues.length > 0 && (
        <Group title="Queues">
          <Facts facts={service.queues.map((queue) => [queue.name, queueWords(queue)])} />
        </Group>
      )}
      <Group title={readyPods(service.pods)}>
        <ul className={styles.pods}>
          {service.pods.map((pod) => (
            <li key={pod.name}>
              <code>{pod.name}</code>
              <small>
                {pod.status} on {pod.node ?? 'no node yet'}, since {clockSeconds(pod.createdAt)}
                {pod.restarts > 0 && `, ${count(pod.restarts)} restarts`}
              </small>
            </li>
          ))}
        </ul>
      </Group>
    </>
  );
}
