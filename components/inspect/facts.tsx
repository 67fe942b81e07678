import type { Traffic } from '../../server/contract/topology.ts';
import { duration, percent, rate } from '../ui/quantity.ts';
import styles from './inspect.module.css';

export type Fact = [name: string, value: string];

/** What every service and every call has. */
export function trafficFacts({ rate: calls, errorRatio, p50, p95, p99 }: Traffic): Fact[] {
  return [
    ['Rate', errorRatio === null ? 'no calls' : rate(calls)],
    ['Errors', percent(errorRatio)],
    ['Latency p50', duration(p50)],
    ['Latency p95', duration(p95)],
    ['Latency p99', duration(p99)],
  ];
}

export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
