'use client';
import type { Guide } from '../../server/contract/lab.ts';
import styles from './guide.module.css';

/** For who writes the lab: what has to be mended, and where. */
export function GuideProblems({ guide }: { guide: Guide }) {
  if (guide.problems.length === 0) return null;
  return (
    <div className={styles.problems} role="alert">
      <b>{guide.tree.length > 0 ? 'Shown is the last version without a mistake.' : 'The lab cannot be shown yet.'}</b>
      <ul>
        {guide.problems.map(({ file, line, message }) => (
          <li key={`${file}${line}${message}`}>
            <code>
              labs/{guide.lab.id}/{file}:{line}
            </code>{' '}
            {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
