'use client';
import { useId, useState } from 'react';
import { useAction } from '../state/action.ts';
import { Button } from '../ui/button.tsx';
import { useRun } from './lab-context.tsx';
import { askLab } from './lab-run.ts';
import styles from './predict.module.css';

/** The step's prediction: chosen once, locked, and later shown beside what happened. */
export function Predict() {
  const run = useRun();
  const [picked, setPicked] = useState('');
  const [commit, busy] = useAction((option: string) => askLab(run.lab, 'predict', { option }));
  const group = useId();
  const { prediction } = run;
  if (!prediction) return null;

  // Once the outcome is known a prediction is none.
  const locked = prediction.chosen !== null || prediction.outcome !== null;
  const chosen = prediction.chosen ?? (locked ? '' : picked);
  const { outcome } = prediction;
  const verdict =
    prediction.chosen === null
      ? 'You went ahead without a prediction.'
      : outcome?.right
        ? 'You were right.'
        : 'Not this time.';
  return (
    <fieldset className={styles.predict}>
      <legend className={styles.question}>{prediction.question}</legend>
      {prediction.options.map(({ id, label }) => (
        <label key={id} className={styles.option} data-correct={outcome?.correct === id}>
          <input type="radio" name={group} checked={chosen === id} disabled={locked} onChange={() => setPicked(id)} />
          <span>
            {label}
            {outcome?.correct === id && <b className={styles.mark}>✓ what happened</b>}
          </span>
        </label>
      ))}
      {!locked && (
        <Button look="primary" busy={busy} disabled={picked === ''} onClick={() => void commit(picked)}>
          Lock my prediction
        </Button>
      )}
      {locked && !outcome && <p className={styles.wait}>Locked. Now find out.</p>}
      {outcome && (
        <div className={styles.outcome} role="status">
          <b>{verdict}</b> {outcome.measured} {outcome.why}
        </div>
      )}
    </fieldset>
  );
}
