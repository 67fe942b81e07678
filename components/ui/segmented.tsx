import { useId } from 'react';
import type { ReactNode } from 'react';
import styles from './segmented.module.css';

export interface Segment {
  id: string;
  label: ReactNode;
  /** The spoken name, where the label is a drawing. */
  name?: string;
  /** Why it cannot be chosen. */
  unavailable?: string | undefined;
}

export interface SegmentedProps {
  label: string;
  segments: readonly Segment[];
  selected: string;
  disabled?: boolean;
  tone?: 'pattern' | 'plain';
  onSelect: (id: string) => void;
}

/** One of a few: native radio buttons in a row. */
export function Segmented({ label, segments, selected, disabled, tone = 'pattern', onSelect }: SegmentedProps) {
  const group = useId();
  return (
    <div role="radiogroup" aria-label={label} className={styles.group} data-tone={tone} aria-disabled={disabled}>
      {segments.map((segment) => (
        <label key={segment.id} className={styles.segment} title={segment.unavailable}>
          <input
            type="radio"
            name={group}
            aria-label={segment.name}
            checked={segment.id === selected}
            disabled={disabled || Boolean(segment.unavailable)}
            onChange={() => onSelect(segment.id)}
          />
          <span>{segment.label}</span>
        </label>
      ))}
    </div>
  );
}
