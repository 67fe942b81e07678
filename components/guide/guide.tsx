'use client';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { LabRun } from '../../server/contract/lab.ts';
import { attempt } from '../state/action.ts';
import { readView, setView } from '../state/view.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { GuideNav } from './guide-nav.tsx';
import { LabContext } from './lab-context.tsx';
import { askLab, useLabRun } from './lab-run.ts';
import { StartLab } from './start-lab.tsx';
import { StepBar } from './step-bar.tsx';
import styles from './guide.module.css';

/** The guide of a lab: its start, or the current step of its run. `children` is the text, all steps of it. */
export function Guide({ lab, children }: { lab: string; children: ReactNode }) {
  const run = useLabRun(lab);
  return (
    <aside className={styles.guide} aria-label="Guide">
      {run ? <Running run={run}>{children}</Running> : <StartLab lab={lab} />}
    </aside>
  );
}

function Running({ run, children }: { run: LabRun; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useStepInUrl(run);
  const step = run.steps[run.step];

  const shown = useRef(run.step);
  useEffect(() => {
    if (shown.current === run.step) return;
    shown.current = run.step;
    heading.current?.focus();
  }, [run.step]);

  return (
    <>
      <div className={styles.scroll}>
        <StepBar run={run} />
        <div>
          <div className={styles.eyebrow}>
            Step {run.step + 1} of {run.steps.length}
          </div>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            {step?.title}
          </h1>
        </div>
        {run.busy !== null && (
          <div className={styles.busy} role="status">
            {run.busy}
            <ProgressBar label={run.busy} value={null} />
          </div>
        )}
        <LabContext run={run}>{children}</LabContext>
      </div>
      <GuideNav run={run} />
    </>
  );
}

/** The URL says the step; opening a link to a step already reached shows that step. */
function useStepInUrl({ lab, step, steps }: LabRun) {
  const adopted = useRef(false);
  useEffect(() => {
    const wanted = Number(readView('step') ?? Number.NaN) - 1;
    const first = !adopted.current;
    adopted.current = true;
    if (first && wanted !== step && steps[wanted] && steps[wanted].state !== 'locked') {
      void attempt(() => askLab(lab, 'step', { index: wanted }));
      return;
    }
    setView({ step: String(step + 1) });
    // Only a change of step matters: `steps` is a new list whenever a check ticks.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [lab, step]);
}
