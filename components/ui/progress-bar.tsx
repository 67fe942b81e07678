import styles from './progress-bar.module.css';

export interface ProgressBarProps {
  label: string;
  /** 0 to 1; null while nobody knows how far it is. */
  value: number | null;
  tone?: 'bad' | 'pattern' | 'act';
}

export function ProgressBar({ label, value, tone = 'act' }: ProgressBarProps) {
  const percent = value === null ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div className={styles.track} role="progressbar" aria-label={label} aria-valuenow={percent} data-tone={tone}>
      <i
        className={value === null ? styles.unknown : undefined}
        style={{ width: percent === undefined ? undefined : `${percent}%` }}
      />
    </div>
  );
}
