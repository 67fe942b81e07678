'use client';
import { useEdge, useService } from '../state/use-system.ts';
import { targetName } from '../topology/edge-notes.ts';
import { duration, percent, rate } from '../ui/quantity.ts';
import styles from './guide.module.css';

/** The live numbers of a service or an edge, within the text. */
export function Signal({ id }: { id: string }) {
  const service = useService(id);
  const edge = useEdge(id);
  const traffic = service ?? edge;
  return (
    <span className={styles.signal} role="group" aria-label={`${targetName(id)} now`}>
      <b>{targetName(id)}</b>
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
