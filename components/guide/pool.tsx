'use client';
import { useService } from '../state/use-system.ts';
import { count } from '../ui/quantity.ts';
import styles from './pool.module.css';

/** The slots of a service, filling with its requests in flight; what does not find one waits. */
export function Pool({ service: name, size }: { service: string; size: string }) {
  const inFlight = useService(name)?.inFlight ?? null;
  const slots = Number(size);
  const taken = Math.min(slots, Math.round(inFlight ?? 0));
  const waiting = Math.max(0, Math.round(inFlight ?? 0) - slots);
  const words = inFlight === null ? 'not reported' : `${taken} of ${slots} taken, ${count(waiting)} waiting`;
  return (
    <div className={styles.pool} role="group" aria-label={`Slots at ${name}: ${words}`}>
      <b>{name}</b>
      <span className={styles.words} data-full={taken === slots}>
        {taken === slots && 'full: '}
        {words}
      </span>
      <span className={styles.slots} aria-hidden="true">
        {Array.from({ length: slots }, (_, i) => (
          <i key={i} data-taken={i < taken} />
        ))}
      </span>
    </div>
  );
}
