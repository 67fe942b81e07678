'use client';
import { useEffect, useId, useRef } from 'react';
import { useView } from '../state/view.ts';
import styles from './predict.module.css';

interface ChoiceProps {
  /** Null where a service is the answer: it may be clicked in the drawing too. */
  options: { id: string; label: string }[] | null;
  services: string[];
  picked: string;
  /** Marked as what happened. */
  correct: string | null;
  locked: boolean;
  onPick: (answer: string) => void;
}

/** Answers to choose one from. */
export function Choice({ options, services, picked, correct, locked, onPick }: ChoiceProps) {
  const group = useId();
  useClickedService(options === null && !locked ? services : null, onPick);
  if (options === null) {
    return (
      <label className={styles.service}>
        <span>{locked ? 'Your answer' : 'Click a service in the drawing, or choose it here'}</span>
        <select value={picked} disabled={locked} onChange={(event) => onPick(event.target.value)}>
          <option value="">–</option>
          {services.map((service) => (
            <option key={service}>{service}</option>
          ))}
        </select>
        {correct !== null && <b className={styles.mark}>✓ what happened: {correct}</b>}
      </label>
    );
  }
  return options.map(({ id, label }) => (
    <label key={id} className={styles.option} data-correct={correct === id}>
      <input type="radio" name={group} checked={picked === id} disabled={locked} onChange={() => onPick(id)} />
      <span>
        {label}
        {correct === id && <b className={styles.mark}>✓ what happened</b>}
      </span>
    </label>
  ));
}

/** A service that is selected in the drawing is an answer; one that was selected before the question came is none. */
function useClickedService(services: string[] | null, onPick: (service: string) => void): void {
  const [selected] = useView('select', '');
  const before = useRef(selected);
  useEffect(() => {
    if (selected === before.current) return;
    before.current = selected;
    if (services?.includes(selected)) onPick(selected);
  });
}
