'use client';
import type { LabSummary } from '../../server/contract/lab.ts';
import { useCommands } from '../commands/command.ts';
import { useAction } from '../state/action.ts';
import { usePresenting } from '../state/view.ts';
import { useConnection, useSystem } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { seconds } from '../ui/quantity.ts';
import { askLab } from './lab-run.ts';
import styles from './guide.module.css';

/** Before the run: what the lab is about, and the button that brings the shop to its start state. */
export function StartLab({ lab, summary }: { lab: string; summary: LabSummary | null }) {
  const [start, busy] = useAction(() => askLab(lab, 'start'));
  const other = useSystem('lab');
  const live = useConnection() === 'live';
  const [presenting] = usePresenting();
  useCommands([
    {
      ...{ id: 'start-lab', label: 'Start the lab', group: 'Guide', keys: 'g l' },
      when: () => live && summary !== null && !busy,
      run: () => void start(),
    },
    {
      ...{ id: 'advance', label: 'Advance: start the lab', group: 'Presenter', keys: 'PageDown' },
      when: () => presenting && live && summary !== null && !busy,
      run: () => void start(),
    },
  ]);
  return (
    <div className={styles.scroll}>
      <div>
        <div className={styles.eyebrow}>
          {summary ? `Lab ${summary.number} · about ${seconds(summary.minutes * 60)}` : 'Lab'}
        </div>
        <h1 className={styles.title}>{summary?.title ?? 'Reading the lab…'}</h1>
      </div>
      <p>{summary?.goal}</p>
      <p className={styles.eyebrow}>
        Starting sets the patterns, the faults and the load of the running shop to what the lab begins with.
        {other && ` Your run of another lab, ${other.lab}, ends.`} Everybody who is here shares the shop; your steps are
        your own.
      </p>
      <div>
        <Button look="primary" busy={busy} disabled={!live || !summary} onClick={() => void start()}>
          Start the lab
        </Button>
      </div>
    </div>
  );
}
