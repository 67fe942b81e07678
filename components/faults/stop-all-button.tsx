'use client';
import { useCommands } from '../commands/command.ts';
import { useAction } from '../state/action.ts';
import { useLabStore } from '../state/lab-store-context.ts';
import { useMember } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { useStopAllFaults } from './stop-all.ts';
import styles from './stop-all-button.module.css';

/** The emergency stop: by click always, by Esc while a fault acts (or while the page cannot know). */
export function StopAllButton() {
  const [stop, busy] = useAction(useStopAllFaults());
  const { connection } = useLabStore();
  const acting = useMember('faults', (faults) => faults.some(({ state }) => state === 'active')) ?? false;

  useCommands([
    {
      ...{ id: 'stop-all', label: 'Stop all faults', group: 'Faults', keys: 'Escape', words: ['emergency'] },
      run: (key) => {
        if (!key || acting || connection.get() !== 'live') void stop();
      },
    },
  ]);

  return (
    <Button look="danger" busy={busy} aria-keyshortcuts="Escape" onClick={() => void stop()}>
      <i className={styles.square} aria-hidden="true" />
      Stop all faults <kbd className={styles.key}>Esc</kbd>
    </Button>
  );
}
