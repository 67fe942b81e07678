import styles from './topology.module.css';

const LINES = 17;

/** Depth lines of a sea chart: long waves, each a little out of step with the one above. Decoration. */
export function Contours() {
  return (
    <svg className={styles.contours} viewBox="0 0 1080 620" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      {Array.from({ length: LINES }, (_, i) => (
        <path key={i} d={depthLine(i)} />
      ))}
    </svg>
  );
}

function depthLine(i: number): string {
  const y = 30 + i * 38;
  const swing = (phase: number) => Math.round(Math.sin(i * 1.3 + phase) * 34);
  return `M-20,${y} C180,${y - 50 + swing(2.2)} 360,${y + 32 + swing(0.4)} 560,${y - 10} S900,${y - 32 + swing(4)} 1100,${y + 20}`;
}
