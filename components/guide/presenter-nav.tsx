'use client';
import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import type { LabRun } from '../../server/contract/lab.ts';
import { useCommands } from '../commands/command.ts';
import { Shortcut } from '../commands/shortcut.tsx';
import { useAction } from '../state/action.ts';
import { Button } from '../ui/button.tsx';
import { advanceOf } from './advance.ts';
import { askLab } from './lab-run.ts';
import type { LabRequest } from './lab-run.ts';
import styles from './guide.module.css';

/** How much of the text in view one press moves on. */
const PAGE = 0.8;

/** The presenter's way through a lab: one key, which is what the clickers of lecture rooms send, and what it does next. */
export function PresenterNav({ run, text }: { run: LabRun; text: RefObject<HTMLElement | null> }) {
  const [ask, asking] = useAction((what: LabRequest, body?: unknown) => askLab(run.lab, what, body));
  const place = `${run.startedAt} ${run.step}`;
  const [shown, setShown] = useState('');
  const { does, words } = advanceOf(run, useIsRead(text), shown === place);
  const advance = () => {
    if (does === 'read') text.current?.scrollBy({ top: text.current.clientHeight * PAGE });
    if (does === 'next') void ask('step', { index: run.step + 1 });
    if (does === 'show-me') {
      setShown(place);
      void ask('show-me');
    }
  };
  useCommands([
    {
      ...{ id: 'advance', label: 'Advance', group: 'Presenter', keys: 'PageDown' },
      when: () => !asking,
      run: advance,
    },
    {
      ...{ id: 'last-step', label: 'Back to the step before', group: 'Presenter', keys: 'PageUp' },
      when: () => run.step > 0 && run.busy === null && !asking,
      run: () => void ask('step', { index: run.step - 1 }),
    },
  ]);
  return (
    <div className={styles.nav}>
      <Button
        look="primary"
        className={styles.advance}
        aria-disabled={does === 'wait' || asking}
        aria-keyshortcuts="PageDown"
        onClick={() => !asking && advance()}
      >
        {words}
      </Button>
      <Shortcut keys="PageDown" />
    </div>
  );
}

/** Whether the end of the text is in view. Looked at whenever the run says something new, for the text may have grown. */
function useIsRead(text: RefObject<HTMLElement | null>): boolean {
  const [isRead, setRead] = useState(false);
  useEffect(() => {
    const element = text.current;
    if (!element) return;
    const look = () => setRead(element.scrollTop + element.clientHeight >= element.scrollHeight - 8);
    look();
    element.addEventListener('scroll', look);
    return () => element.removeEventListener('scroll', look);
  });
  return isRead;
}
