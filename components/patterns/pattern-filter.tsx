import styles from './patterns.module.css';

/** What a key leads to (showPatternFilter). */
const ID = 'pattern-filter';

export interface PatternFilterProps {
  words: string;
  onChange: (words: string) => void;
  found: number;
  all: number;
}

/** Narrows the patterns to those that have some words. */
export function PatternFilter({ words, onChange, found, all }: PatternFilterProps) {
  return (
    <div className={styles.filter}>
      <input
        id={ID}
        type="search"
        aria-label="Find a pattern"
        placeholder="Find a pattern"
        aria-keyshortcuts="/"
        maxLength={100}
        value={words}
        onChange={(event) => onChange(event.target.value)}
      />
      <span role="status">{words !== '' && `${found} of ${all}`}</span>
    </div>
  );
}

/** Has the focus go to the filter, as soon as its panel is drawn. */
export function showPatternFilter(): void {
  requestAnimationFrame(() => document.getElementById(ID)?.focus());
}
