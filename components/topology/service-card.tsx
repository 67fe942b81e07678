'use client';
import { Handle, Position } from '@xyflow/react';
import { memo } from 'react';
import type { Load } from '../../server/contract/frame.ts';
import type { PodView, PoolView } from '../../server/contract/topology.ts';
import { useFaultOn } from '../state/use-fault-on.ts';
import { useMember, useService } from '../state/use-system.ts';
import { useSelected } from '../state/view.ts';
import { count } from '../ui/quantity.ts';
import { isFull, poolWords, tightest } from './pool-words.ts';
import { cardSign, describeService, podsLine, trafficLine } from './service-words.ts';
import styles from './service-card.module.css';

/** One service. Reads its own part of the state: a frame that changed another service does not render this one. */
export const ServiceCard = memo(function ServiceCard({ id }: { id: string }) {
  const service = useService(id);
  const own = useOwnLoad(service?.role === 'load');
  const faulted = useFaultOn(id, service?.pods);
  const [selected, toggle] = useSelected(id);
  if (!service) return null;

  return (
    <>
      <Handle type="target" position={Position.Left} className={styles.handle} isConnectable={false} />
      <Handle type="source" position={Position.Right} className={styles.handle} isConnectable={false} />
      <button
        type="button"
        className={`nopan ${styles.card}`}
        data-health={service.health}
        data-role={service.role}
        aria-pressed={selected}
        aria-label={`${describeService(service)}${faulted ? ', fault active' : ''}`}
        onClick={toggle}
      >
        {service.role === 'third-party' && (
          <span className={styles.outside}>
            <span>third party</span>
          </span>
        )}
        {faulted && <Flag />}
        <span className={styles.name}>{service.role === 'load' ? 'Load' : service.name}</span>
        <span className={styles.sign} aria-hidden="true">
          {cardSign(service)}
        </span>
        <span className={styles.traffic}>{trafficLine(service, own)}</span>
        <span className={styles.pods}>{podsLine(service, own)}</span>
        <Pool pool={tightest(service.pools)} />
        <span className={styles.dots}>
          {service.pods.slice(0, 6).map((pod) => (
            <Pod key={pod.name} pod={pod} />
          ))}
        </span>
      </button>
    </>
  );
});

/** The load, for the card of who makes it: another card does not render for it. */
function useOwnLoad(isLoad: boolean): Load | null {
  return useMember('load', (load) => (isLoad ? load : null));
}

/** How much of its pool is taken, along the card's lower edge, and who waits. The card's name says it in words. */
function Pool({ pool }: { pool: PoolView | undefined }) {
  if (!pool || pool.size === 0) return null;
  return (
    <span className={styles.pool} data-full={isFull(pool)} title={`${pool.name}: ${poolWords(pool)}`}>
      <i style={{ width: `${Math.min(100, (100 * pool.used) / pool.size)}%` }} />
      {pool.waiting > 0 && <b>{count(pool.waiting)} waiting</b>}
    </span>
  );
}

function Pod({ pod }: { pod: PodView }) {
  return <i className={styles.pod} data-state={pod.state} title={`${pod.name}: ${pod.status}`} />;
}

function Flag() {
  return (
    <svg className={styles.flag} viewBox="0 0 18 28" aria-hidden="true">
      <path d="M1,1 v26 M1,1 l16,5 l-16,7" />
    </svg>
  );
}
