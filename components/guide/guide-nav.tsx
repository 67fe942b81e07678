'use client';
import type { LabRun } from '../../server/contract/lab.ts';
import { useCommands } from '../commands/command.ts';
import { useAction } from '../state/action.ts';
import { Button } from '../ui/button.tsx';
import { askLab } from './lab-run.ts';
import styles from './guide.module.css';

/** Back, Reset step, Next step. Next opens as soon as the step is done. */
export function GuideNav({ run }: { run: LabRun }) {
  const [show, moving] = useAction((index: number) => askLab(run.lab, 'step', { index }));
  const [reset, resetting] = useAction(() => askLab(run.lab, 'reset-step'));
  const next = run.steps[run.step + 1];
  const busy = run.busy !== null;
  useCommands([
    {
      ...{ id: 'next-step', label: 'Next step', group: 'Guide', keys: 'n' },
      when: () => next !== undefined && next.state !== 'locked' && !busy,
      run: () => void show(run.step + 1),
    },
    {
      ...{ id: 'last-step', label: 'Back to the step before', group: 'Guide', keys: 'b' },
      when: () => run.step > 0 && !busy,
      run: () => void show(run.step - 1),
    },
    {
      ...{ id: 'reset-step', label: 'Reset step', group: 'Guide', keys: 'g r' },
      when: () => !busy,
      run: () => void reset(),
    },
  ]);
  return (
    <div className={styles.nav}>
      <Button disabled={run.step === 0 || busy} busy={moving} onClick={() => void show(run.step - 1)}>
        Back
      </Button>
      <Button busy={resetting} disabled={busy} onClick={() => void reset()}>
        Reset step
      </Button>
      {next && (
        <Button
          look="primary"
          busy={moving}
          disabled={next.state === 'locked' || busy}
          title={next.state === 'locked' ? 'Opens when the checks of this step are met' : next.title}
          onClick={() => void show(run.step + 1)}
        >
          Next step
        </Button>
      )}
    </div>
  );
}
