'use client';
import { useEffect, useRef } from 'react';
import type { ReactNode, RefObject } from 'react';
import type { LabRun } from '../../server/contract/lab.ts';
import { attempt } from '../state/action.ts';
import { readView, setView, usePresenting } from '../state/view.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { GuideAnnouncer } from './guide-announcer.tsx';
import { GuideNav } from './guide-nav.tsx';
import { GuideProblems } from './guide-problems.tsx';
import { GuideText } from './guide-text.tsx';
import { LabContext } from './lab-context.tsx';
import { askLab, useLabRun } from './lab-run.ts';
import { Notices } from './notices.tsx';
import { PresenterNav } from './presenter-nav.tsx';
import { StartLab } from './start-lab.tsx';
import { StartOver } from './start-over.tsx';
import { StepBar } from './step-bar.tsx';
import { useGuide } from './use-guide.ts';
import { useStepFocus } from './use-step-focus.ts';
import styles from './guide.module.css';

/** The guide of a lab: its start, or the current step of its run. */
export function Guide({ lab }: { lab: string }) {
  const run = useLabRun(lab);
  const guide = useGuide(lab);
  useEffect(() => {
    if (guide) document.title = `${guide.lab.title} · Breakwater`;
  }, [guide]);
  const heading = useStepFocus(run);
  return (
    <aside className={styles.guide} aria-label="Guide">
      <GuideAnnouncer run={run} />
      {guide && <GuideProblems guide={guide} />}
      {run && guide ? (
        <Running run={run} heading={heading}>
          <GuideText tree={guide.tree} />
        </Running>
      ) : (
        <StartLab lab={lab} summary={guide?.lab ?? null} />
      )}
    </aside>
  );
}

interface RunningProps {
  run: LabRun;
  heading: RefObject<HTMLHeadingElement | null>;
  children: ReactNode;
}

function Running({ run, heading, children }: RunningProps) {
  useStepInUrl(run);
  const step = run.steps[run.step];
  const [presenting] = usePresenting();
  const text = useRef<HTMLDivElement>(null);
  return (
    <LabContext run={run}>
      <div ref={text} className={styles.scroll}>
        <StepBar run={run} />
        <div>
          <div className={`${styles.eyebrow} ${styles.place}`}>
            Step {run.step + 1} of {run.steps.length}
            <StartOver />
          </div>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            {step?.title}
          </h1>
        </div>
        <Notices run={run} />
        {run.busy !== null && (
          <div className={styles.busy} role="status">
            {run.busy}
            <ProgressBar label={run.busy} value={null} />
          </div>
        )}
        {run.baseline === 'missed' && (
          <p className={styles.missed} role="status">
            The shop was not measured at rest, and this lab compares with that. Go to its first step, and reset the
            step.
          </p>
        )}
        {children}
      </div>
      {presenting ? <PresenterNav run={run} text={text} /> : <GuideNav run={run} />}
    </LabContext>
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
