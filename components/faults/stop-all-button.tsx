'use client';
import { useEffect } from 'react';
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

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || escBelongsElsewhere(event.target)) return;
      if (acting || connection.get() !== 'live') void stop();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });

  return (
    <Button look="danger" busy={busy} aria-keyshortcuts="Escape" onClick={() => void stop()}>
      <i className={styles.square} aria-hidden="true" />
      Stop all faults <kbd className={styles.key}>Esc</kbd>
    </Button>
  );
}

/** Esc closes an open dialog or popover first, and takes back what is being written in a field. */
function escBelongsElsewhere(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open], :popover-open')) return true;
  return (
    target instanceof HTMLInputElement && ['search', 'text', 'number'].includes(target.type) && target.value !== ''
  );
}
