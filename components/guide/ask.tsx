'use client';
import { useState } from 'react';
import { useAction } from '../state/action.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from './choice.tsx';
import { useRun } from './lab-context.tsx';
import { askLab } from './lab-run.ts';
import styles from './predict.module.css';

/** A question of the step. A wrong answer is explained, and another may follow. */
export function Ask({ id }: { id: string }) {
  const run = useRun();
  const [picked, setPicked] = useState('');
  const [answer, busy] = useAction((to: string) => askLab(run.lab, 'answer', { question: id, answer: to }));
  const asked = run.questions.find((each) => each.id === id);
  if (!asked) return null;
  const { question, options, services, tried } = asked;
  const found = tried?.right ?? false;
  return (
    <fieldset className={styles.predict}>
      <legend className={styles.question}>{question}</legend>
      <Choice
        {...{ options, services }}
        locked={found}
        picked={found ? tried!.answer : picked}
        correct={null}
        onPick={setPicked}
      />
      {!found && (
        <Button look="primary" busy={busy} disabled={picked === ''} onClick={() => void answer(picked)}>
          Answer
        </Button>
      )}
      {tried && (
        <div className={styles.outcome} role="status">
          <b>{found ? 'Right.' : `Not ${options?.find((each) => each.id === tried.answer)?.label ?? tried.answer}.`}</b>{' '}
          {tried.why}
        </div>
      )}
    </fieldset>
  );
}
