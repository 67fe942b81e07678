'use client';
import { isFull, poolFigures, tightest } from '../topology/pool-words.ts';
import { useConnection, useMember, useSystem } from '../state/use-system.ts';
import { count, decimal, duration, percent } from '../ui/quantity.ts';
import styles from './front.module.css';

/** How customers fare, and how full the door is through which they come. */
export function ShopFigures() {
  const customer = useSystem('customer');
  const ledger = useSystem('ledger');
  const load = useSystem('load');
  const live = useConnection() === 'live';
  const entry = useMember('topology', ({ services }) => services.find((service) => service.entry) ?? null);
  const pool = tightest(entry?.pools ?? []);
  const facts: { name: string; value: string; bad?: boolean }[] = [
    { name: 'Load', value: load ? `${decimal(load.rate)} req/s` : '–' },
    { name: 'p95 for customers', value: duration(customer?.p95 ?? null), bad: (customer?.p95 ?? 0) > 1000 },
    { name: 'Errors', value: percent(customer?.errorRatio ?? null), bad: (customer?.errorRatio ?? 0) > 0.05 },
    ...(entry && pool ? [{ name: `Places taken at ${entry.name}`, value: poolFigures(pool), bad: isFull(pool) }] : []),
    { name: 'Orders accepted', value: ledger ? count(ledger.accepted) : '–' },
  ];
  return (
    <dl className={styles.facts} data-live={live} aria-label="The shop now">
      {facts.map(({ name, value, bad }) => (
        <div key={name} data-bad={bad ?? false}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
