'use client';
import type { LabRun } from '../../server/contract/lab.ts';
import { useAction } from '../state/action.ts';
import { askLab } from './lab-run.ts';
import styles from './guide.module.css';

/** All steps of a lab as a bar; those already reached can be shown again. */
export function StepBar({ run }: { run: LabRun }) {
  const [show] = useAction((index: number) => askLab(run.lab, 'step', { index }));
  return (
    <nav aria-label="Steps">
      <ol className={styles.bar}>
        {run.steps.map((step, index) => (
          <li key={step.id}>
            <button
              type="button"
              data-state={step.state}
              aria-current={index === run.step ? 'step' : undefined}
              aria-label={`Step ${index + 1}: ${step.title}, ${step.state}`}
              title={step.title}
              disabled={step.state === 'locked' || run.busy !== null}
              onClick={() => void show(index)}
            />
          </li>
        ))}
      </ol>
    </nav>
  );
}
