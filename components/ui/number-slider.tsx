import { useState } from 'react';
import { Button } from './button.tsx';
import fieldStyles from './number-field.module.css';
import styles from './number-slider.module.css';

export interface NumberSliderProps {
  label: string;
  unit: string;
  min: number;
  max: number;
  step: number;
  value: number;
  describedBy?: string;
  onApply: (value: number) => void;
}

/**
 * A number by a slider or typed, both native inputs. It is applied when the slider is let go, or by Enter or the button: arrow
 * keys and what is being typed are only a draft, which Escape takes back.
 */
export function NumberSlider({ label, unit, min, max, step, value, describedBy, onApply }: NumberSliderProps) {
  const [draft, setDraft] = useState<number | null>(null);
  const shown = draft ?? value;
  const bounds = { min, max, step };
  const apply = () => {
    setDraft(null);
    if (shown !== value) onApply(shown);
  };
  return (
    <form
      className={styles.slider}
      aria-label={label}
      aria-describedby={describedBy}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || draft === null) return;
        event.preventDefault(); // else it would stop all faults
        setDraft(null);
      }}
    >
      <input
        type="range"
        {...bounds}
        aria-label={label}
        aria-valuetext={`${shown} ${unit}`}
        value={Number.isNaN(shown) ? value : shown}
        onChange={(event) => setDraft(event.target.valueAsNumber)}
        onPointerUp={({ currentTarget }) => currentTarget.form?.requestSubmit()}
      />
      <span className={fieldStyles.field}>
        <input
          type="number"
          required
          {...bounds}
          aria-label={`${label} in ${unit}`}
          value={Number.isNaN(shown) ? '' : shown}
          onChange={(event) => setDraft(event.target.valueAsNumber)}
        />
        <span aria-hidden="true">{unit}</span>
      </span>
      <Button type="submit" disabled={shown === value}>
        Set
      </Button>
    </form>
  );
}
