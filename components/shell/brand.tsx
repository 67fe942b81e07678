import Link from 'next/link';
import styles from './shell.module.css';

export function Brand() {
  return (
    <Link href="/" className={styles.brand}>
      <svg
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.1"
        strokeLinecap="round"
        aria-hidden="true"
      >
        <path d="M2 7c3 0 3-3 6-3s3 3 6 3M2 13c3 0 3-3 6-3s3 3 6 3M2 19c3 0 3-3 6-3s3 3 6 3" />
        <path d="M19 3v18" strokeWidth="4" />
      </svg>
      Breakwater
    </Link>
  );
}
