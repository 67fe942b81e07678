import type { Pattern } from '../../server/contract/patterns.ts';
import { seconds } from '../ui/quantity.ts';
import { DiffButton } from './diff-button.tsx';
import styles from './patterns.module.css';

/** What a pattern is for, what each option does, what it costs and when not to use it; and its diff. */
export function PatternDetails({ id, pattern, settled }: { id: string; pattern: Pattern; settled: boolean }) {
  return (
    <div id={id} className={styles.details}>
      <p>{pattern.summary}</p>
      {pattern.options.length > 0 && (
        <ul>
          {pattern.options.map((option) => (
            <li key={option.id}>
              <b>{option.label}</b>: {option.summary} {option.unavailable}
            </li>
          ))}
        </ul>
      )}
      <p>Costs: {pattern.cost}</p>
      <p>When not: {pattern.whenNot}</p>
      {settled && pattern.lastSwitchMs !== null && <p>In effect after {seconds(pattern.lastSwitchMs / 1000)}.</p>}
      <DiffButton pattern={pattern} />
    </div>
  );
}
