import type { PoolView } from '../../server/contract/topology.ts';
import { isFull, poolWords } from './pool-words.ts';
import styles from './pool-slots.module.css';

/** As many are drawn one by one; a larger pool is a bar. What a metric says must not become a number of elements. */
const DRAWN = 64;

/** A pool of a service: its slots, filling; and in words how many are taken and who waits. */
export function PoolSlots({ service, pool }: { service: string; pool: PoolView }) {
  const words = poolWords(pool);
  const full = isFull(pool);
  return (
    <div className={styles.pool} role="group" aria-label={`Slots at ${service}: ${words}`}>
      <b>
        {service} <small>{pool.name}</small>
      </b>
      <span className={styles.words} data-full={full}>
        {full && 'full: '}
        {words}
      </span>
      {pool.size <= DRAWN ? (
        <span className={styles.slots} aria-hidden="true">
          {Array.from({ length: Math.round(pool.size) }, (_, i) => (
            <i key={i} data-taken={i < pool.used} />
          ))}
        </span>
      ) : (
        <span className={styles.bar} aria-hidden="true">
          <i style={{ width: `${Math.min(100, (100 * pool.used) / pool.size)}%` }} />
        </span>
      )}
    </div>
  );
}
