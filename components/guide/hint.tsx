'use client';
import { useCommands } from '../commands/command.ts';
import { useAction } from '../state/action.ts';
import { Button } from '../ui/button.tsx';
import { useRun } from './lab-context.tsx';
import { askLab } from './lab-run.ts';
import styles from './guide.module.css';

/** The hints opened so far, and the way to the next one or to have the step done. */
export function Hint() {
  const run = useRun();
  const [more, asking] = useAction(() => askLab(run.lab, 'hint'));
  const [showMe, showing] = useAction(() => askLab(run.lab, 'show-me'));
  const met = run.checks.length > 0 && run.checks.every(({ state }) => state === 'met');
  useCommands([
    {
      ...{ id: 'hint', label: 'Show a hint', group: 'Guide', keys: 'h' },
      when: () => !met && run.hintsLeft > 0,
      run: () => void more(),
    },
    {
      ...{ id: 'show-me', label: 'Show me: have the step done', group: 'Guide', keys: 'g s' },
      when: () => !met && run.busy === null,
      run: () => void showMe(),
    },
  ]);
  if (met) return null;
  return (
    <div className={styles.hints}>
      {run.hints.length > 0 && (
        <ol aria-label="Hints" aria-live="polite">
          {run.hints.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ol>
      )}
      <p>
        Stuck?{' '}
        {run.hintsLeft > 0 && (
          <>
            <Button look="link" busy={asking} onClick={() => void more()}>
              {run.hints.length === 0 ? 'Show a hint' : 'Another hint'}
            </Button>
            {' or '}
          </>
        )}
        <Button look="link" busy={showing} disabled={run.busy !== null} onClick={() => void showMe()}>
          Show me
        </Button>
      </p>
    </div>
  );
}
