'use client';
import { memo } from 'react';
import type { EdgeView, ServiceView } from '../../server/contract/topology.ts';
import { useSystem } from '../state/use-system.ts';
import { setView } from '../state/view.ts';
import { ColumnHeadings } from '../ui/column-headings.tsx';
import { decimal, duration, percent, rate } from '../ui/quantity.ts';
import { edgeName } from './edge-notes.ts';
import { poolFigures } from './pool-words.ts';
import { queueWords } from './queue-words.ts';
import { healthSign, healthWord, readyPods } from './service-words.ts';
import styles from './topology-list.module.css';

/** The topology as two tables. */
export function TopologyList() {
  const topology = useSystem('topology');
  if (!topology) return null;
  return (
    <>
      <table className={styles.table}>
        <caption>Services</caption>
        <ColumnHeadings
          titles={['Service', 'Health', 'Rate', 'Errors', 'p95', 'In flight', 'Slots', 'Queues', 'Pods']}
        />
        <tbody>
          {topology.services.map((service) => (
            <ServiceRow key={service.name} service={service} />
          ))}
        </tbody>
      </table>
      <table className={styles.table}>
        <caption>Calls</caption>
        <ColumnHeadings titles={['Call', 'Breaker', 'Rate', 'Errors', 'p95', 'Retries', 'Timeouts']} />
        <tbody>
          {topology.edges.map((edge) => (
            <EdgeRow key={edge.id} edge={edge} />
          ))}
        </tbody>
      </table>
    </>
  );
}

const roleNote: Partial<Record<ServiceView['role'], string>> = {
  'third-party': ' (third party)',
  broker: ' (message broker)',
  'object-store': ' (object store)',
};

const ServiceRow = memo(function ServiceRow({ service }: { service: ServiceView }) {
  return (
    <tr>
      <Name id={service.name} name={`${service.name}${roleNote[service.role] ?? ''}`} />
      <td data-health={service.health}>
        <span aria-hidden="true">{healthSign[service.health]} </span>
        {healthWord[service.health]}
        {service.reason && `: ${service.reason}`}
      </td>
      <td>{service.errorRatio === null ? 'no calls' : rate(service.rate)}</td>
      <td>{percent(service.errorRatio)}</td>
      <td>{duration(service.p95)}</td>
      <td>{service.inFlight === null ? '–' : decimal(service.inFlight)}</td>
      <td>{service.pools.length === 0 ? '–' : service.pools.map(poolFigures).join('; ')}</td>
      <td>{service.queues.map((queue) => `${queue.name}: ${queueWords(queue)}`).join('; ') || '–'}</td>
      <td>{readyPods(service.pods)}</td>
    </tr>
  );
});

const EdgeRow = memo(function EdgeRow({ edge }: { edge: EdgeView }) {
  return (
    <tr>
      <Name id={edge.id} name={edgeName(edge)} />
      <td>{edge.breaker?.state ?? 'none'}</td>
      <td>{edge.errorRatio === null ? 'no calls' : rate(edge.rate)}</td>
      <td>{percent(edge.errorRatio)}</td>
      <td>{duration(edge.p95)}</td>
      <td>{rate(edge.retryRate)}</td>
      <td>{rate(edge.timeoutRate)}</td>
    </tr>
  );
});

function Name({ id, name }: { id: string; name: string }) {
  return (
    <th scope="row">
      <button type="button" className={styles.name} onClick={() => setView({ select: id, tab: 'inspect' })}>
        {name}
      </button>
    </th>
  );
}
