'use client';
import { useState } from 'react';
import { useAction } from '../state/action.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useRun } from './lab-context.tsx';
import { askLab } from './lab-run.ts';
import styles from './guide.module.css';

/** Begins the lab again from its first step, once the learner has confirmed what is lost. */
export function StartOver() {
  const { lab, busy } = useRun();
  const [start, starting] = useAction(() => askLab(lab, 'start'));
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button look="quiet" busy={starting} disabled={busy !== null} onClick={() => setAsking(true)}>
        Start over
      </Button>
      {asking && (
        <Dialog title="Start this lab over?" onClose={() => setAsking(false)}>
          <p>
            The predictions, ticks and measurements of this run are forgotten, and the shop goes back to the state in
            which the lab begins.
          </p>
          {/* A form of this kind closes its dialog by itself, which gives the focus back. */}
          <form method="dialog" className={styles.choices}>
            <Button type="submit">Keep this run</Button>
            <Button type="submit" look="danger" onClick={() => void start()}>
              Start over
            </Button>
          </form>
        </Dialog>
      )}
    </>
  );
}
