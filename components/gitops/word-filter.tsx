import styles from './gitops.module.css';

export interface WordFilterProps {
  words: string;
  placeholder: string;
  onChange: (words: string) => void;
  /** How many objects have them. */
  shown: number;
}

/** Narrows a list of objects to those that have some words. */
export function WordFilter({ words, placeholder, onChange, shown }: WordFilterProps) {
  return (
    <div className={styles.filter}>
      <label>
        Objects with{' '}
        <input
          type="search"
          maxLength={200}
          value={words}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      </label>
      <span role="status">{shown} shown</span>
    </div>
  );
}
