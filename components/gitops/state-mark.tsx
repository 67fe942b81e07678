import type { ReactNode } from 'react';
import { Icon } from '../ui/icon.tsx';
import type { IconName } from '../ui/icon.tsx';
import styles from './gitops.module.css';
import type { SyncState } from './sync-words.ts';

const icons: Record<SyncState, IconName> = {
  synced: 'check',
  drifted: 'differs',
  missing: 'nothing',
  failed: 'close',
  applying: 'clock',
  waiting: 'clock',
  unknown: 'question',
};

/** A state by icon, word and colour. */
export function StateMark({ state, children = state }: { state: SyncState; children?: ReactNode }) {
  return (
    <span className={styles.mark} data-state={state}>
      <Icon name={icons[state]} />
      <span>{children}</span>
    </span>
  );
}
