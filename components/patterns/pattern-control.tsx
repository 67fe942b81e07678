'use client';
import { useId, useState } from 'react';
import type { Pattern } from '../../server/contract/patterns.ts';
import { useAction } from '../state/action.ts';
import { useWanted } from '../state/use-wanted.ts';
import { Icon } from '../ui/icon.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { PatternChoice } from './pattern-choice.tsx';
import { PatternDetails } from './pattern-details.tsx';
import { switchPattern } from './switch-pattern.ts';
import styles from './patterns.module.css';

/** One pattern: a line with its options or its number, and how far its rollout is. What it is and costs comes on demand. */
export function PatternControl({ pattern }: { pattern: Pattern }) {
  const [change, busy] = useAction((option: string) => switchPattern(pattern.id, option));
  const [selected, choose] = useWanted(pattern.selected, change);
  const [open, setOpen] = useState(false);
  const details = useId();
  const idle = useId();
  const active = selected !== pattern.default;
  const isIdle = active && pattern.idleWithout.length > 0;
  const rolling = pattern.rolling || busy;
  return (
    <div className={styles.row} data-active={active}>
      <button
        type="button"
        className={styles.title}
        title={pattern.summary}
        aria-expanded={open}
        aria-controls={open ? details : undefined}
        onClick={() => setOpen(!open)}
      >
        {pattern.title} <Icon name="chevron" size={12} />
      </button>
      <PatternChoice pattern={pattern} selected={selected} describedBy={isIdle ? idle : undefined} onChoose={choose} />
      {isIdle && (
        <small id={idle} className={styles.note}>
          Does nothing without {pattern.idleWithout.join(' and ')}.
        </small>
      )}
      {rolling && (
        <div className={styles.rolling} role="status">
          <ProgressBar label={`${pattern.title} rolls out`} value={null} tone="pattern" />
          <small>Rolling out: pods are being replaced…</small>
        </div>
      )}
      {open && <PatternDetails id={details} pattern={pattern} settled={active && !rolling} />}
    </div>
  );
}
