'use client';
import { useEdge, useMember, useService } from '../state/use-system.ts';
import { targetName } from '../topology/edge-notes.ts';
import { duration, percent, rate } from '../ui/quantity.ts';
import styles from './guide.module.css';

/** The live numbers of a service or an edge, within the text. */
export function Signal({ id }: { id: string }) {
  const service = useService(id);
  const edge = useEdge(id);
  const customer = useMember('customer', (view) => (id === 'customer' ? view : null));
  const traffic = customer ?? service ?? edge;
  const name = id === 'customer' ? 'customers' : targetName(id);
  return (
    <span className={styles.signal} role="group" aria-label={`${name} now`}>
      <b>{name}</b>
      {traffic ? (
        <>
          <span>{rate(traffic.rate)}</span>
          <span>p95 {duration(traffic.p95)}</span>
          <span>{percent(traffic.errorRatio)} errors</span>
        </>
      ) : (
        <span>not measured yet</span>
      )}
    </span>
  );
}
