'use client';
import { useConnection, useSystem } from '../state/use-system.ts';
import { count, decimal, duration, percent } from '../ui/quantity.ts';
import styles from './system-summary.module.css';

/** The running shop in four numbers, as customers meet it, and why they say nothing where they do not. */
export function SystemSummary() {
  const customer = useSystem('customer');
  const ledger = useSystem('ledger');
  const load = useSystem('load');
  const live = useConnection() === 'live';
  const facts: [string, string][] = [
    ['Load', load ? `${decimal(load.rate)} req/s` : '–'],
    ['p95 for customers', duration(customer?.p95 ?? null)],
    ['Errors', percent(customer?.errorRatio ?? null)],
    ['Orders accepted', ledger ? count(ledger.accepted) : '–'],
  ];
  if (customer?.reason) facts.push(['Customers', customer.reason]);
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
