import type { ReactNode } from 'react';
import type { SpanView } from '../../server/contract/traces.ts';
import { Button } from '../ui/button.tsx';
import { duration } from '../ui/quantity.ts';
import { useOpenTrace } from './open-trace.ts';
import styles from './waterfall.module.css';

/** All that a span carries. */
export function SpanDetails({ span }: { span: SpanView }) {
  const openTrace = useOpenTrace();
  const rows: [string, ReactNode][] = [
    ['kind', span.kind],
    ['starts at', duration(span.offset)],
    ['pod', span.pod ?? 'unknown'],
    ...(span.message ? ([['message', span.message]] as [string, string][]) : []),
    ...Object.entries(span.attributes).map(([name, value]): [string, string] => [name, String(value)]),
    ...span.events.map((event): [string, string] => [`event ${event.name}`, `at ${duration(event.offset)}`]),
    ...span.links.map(({ traceId }): [string, ReactNode] => [
      'linked to',
      <Button key={traceId} look="link" onClick={() => openTrace(traceId)}>
        trace {traceId.slice(0, 8)}
      </Button>,
    ]),
  ];
  return (
    <dl className={styles.details}>
      {rows.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
