'use client';
import { useState } from 'react';
import type { PredictionView } from '../../server/contract/lab.ts';
import { useAction } from '../state/action.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from './choice.tsx';
import { useRun } from './lab-context.tsx';
import { askLab } from './lab-run.ts';
import styles from './predict.module.css';

/** The step's prediction: chosen once, locked, and later shown beside what happened. */
export function Predict() {
  const run = useRun();
  const [picked, setPicked] = useState('');
  const [commit, busy] = useAction((option: string) => askLab(run.lab, 'predict', { option }));
  const { prediction } = run;
  if (!prediction) return null;

  const { question, options, services, chosen, closed, outcome } = prediction;
  // Once its outcome is in sight a prediction is none.
  const locked = chosen !== null || closed;
  return (
    <fieldset className={styles.predict}>
      <legend className={styles.question}>{question}</legend>
      <Choice
        {...{ options, services, locked }}
        picked={chosen ?? (locked ? '' : picked)}
        correct={outcome ? outcome.correct : null}
        onPick={setPicked}
      />
      {!locked && (
        <Button look="primary" busy={busy} disabled={picked === ''} onClick={() => void commit(picked)}>
          Lock my prediction
        </Button>
      )}
      {locked && !outcome && (
        <p className={styles.wait}>
          {chosen === null ? 'Closed: what happens can be seen by now.' : 'Locked. Now find out.'}
        </p>
      )}
      {outcome && (
        <div className={styles.outcome} role="status">
          <b>{verdict(prediction)}</b> {outcome.measured} {outcome.why}
        </div>
      )}
    </fieldset>
  );
}

function verdict({ chosen, outcome }: PredictionView): string {
  if (chosen === null) return 'You went ahead without a prediction.';
  return outcome?.right ? 'You were right.' : 'Not this time.';
}
