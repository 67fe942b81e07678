import Link from 'next/link';
import { Contours } from '../topology/contours.tsx';
import { Catalogue } from './catalogue.tsx';
import styles from './catalogue.module.css';
import { SystemSummary } from './system-summary.tsx';
import { TopBar } from './top-bar.tsx';

/** What Breakwater is, how the shop does, and the labs. */
export function CataloguePage() {
  return (
    <div className={styles.page}>
      <div className={styles.contours}>
        <Contours />
      </div>
      <TopBar />
      <main className={styles.inner}>
        <div className={styles.hero}>
          <h1>Break a real shop on purpose. Then make it hold.</h1>
          <p>
            Breakwater runs a small online shop in a Kubernetes cluster on your machine, under live load. Switch a
            pattern on, inject a fault, and watch topology, latency, traces and the ledger answer within a second: every
            number is measured, none is modelled.
          </p>
          <div className={styles.actions}>
            <Link className={styles.cta} href="/labs/04-circuit-breaker">
              Start with the circuit breaker
            </Link>
            <Link href="/play">Free play</Link>
          </div>
        </div>
        <h2 className={styles.heading}>The shop now</h2>
        <SystemSummary />
        <h2 className={styles.heading}>Labs</h2>
        <Catalogue />
      </main>
    </div>
  );
}
