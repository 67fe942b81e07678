'use client';
import { useEffect } from 'react';
import { Button } from '../ui/button.tsx';
import styles from './notice.module.css';
import { TopBar } from './top-bar.tsx';

/** The page itself failed: what it knows about it, and the way on. */
export function ErrorPage({ error, onRetry }: { error: Error; onRetry: () => void }) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <div className={styles.page}>
      <TopBar />
      <main className={styles.inner}>
        <div className={styles.hero} role="alert">
          <h1>The page ran aground.</h1>
          <p>
            {error.message || 'It gave no reason.'} The shop and the cluster run on. Draw the page again; if it fails
            again, reload it.
          </p>
          <div className={styles.actions}>
            <Button look="primary" onClick={onRetry}>
              Draw it again
            </Button>
          </div>
        </div>
      </main>
    </div>
  );
}
