import { useId } from 'react';
import styles from './number-field.module.css';

export interface NumberFieldProps {
  label: string;
  unit: string;
  min: number;
  max: number;
  value: number;
  onChange: (value: number) => void;
}

/** A number with its unit, by native input: the browser holds the bounds. */
export function NumberField({ label, unit, min, max, value, onChange }: NumberFieldProps) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <span className={styles.field}>
        <input
          id={id}
          type="number"
          required
          min={min}
          max={max}
          step="any"
          value={Number.isNaN(value) ? '' : value}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
        <span>{unit}</span>
      </span>
    </>
  );
}
