import Link from 'next/link';
import { Contours } from '../topology/contours.tsx';
import styles from './notice.module.css';
import { TopBar } from './top-bar.tsx';

export function NotFoundPage() {
  return (
    <div className={styles.page}>
      <div className={styles.contours}>
        <Contours />
      </div>
      <TopBar />
      <main className={styles.inner}>
        <div className={styles.hero}>
          <h1>Nothing is charted here.</h1>
          <p>There is no page at this address. The labs are listed on the first page.</p>
          <div className={styles.actions}>
            <Link className={styles.cta} href="/">
              To the labs
            </Link>
          </div>
        </div>
      </main>
    </div>
  );
}
