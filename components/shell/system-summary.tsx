'use client';
import { useConnection, useService, useSystem } from '../state/use-system.ts';
import { count, decimal, duration, percent } from '../ui/quantity.ts';
import styles from './system-summary.module.css';

/** The running shop in four numbers. */
export function SystemSummary() {
  const gateway = useService('gateway');
  const ledger = useSystem('ledger');
  const load = useSystem('load');
  const live = useConnection() === 'live';
  const facts: [string, string][] = [
    ['Load', load ? `${decimal(load.rate)} req/s` : '–'],
    ['p95 at the gateway', gateway ? duration(gateway.p95) : '–'],
    ['Errors', gateway ? percent(gateway.errorRatio) : '–'],
    ['Orders accepted', ledger ? count(ledger.accepted) : '–'],
  ];
  return (
    <dl className={styles.facts} data-live={live} aria-label="The shop now">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
