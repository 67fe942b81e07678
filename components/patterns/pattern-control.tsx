'use client';
import { useId } from 'react';
import type { Pattern } from '../../server/contract/patterns.ts';
import { useAction } from '../state/action.ts';
import { useWanted } from '../state/use-wanted.ts';
import { seconds } from '../ui/quantity.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { DiffButton } from './diff-button.tsx';
import { PatternChoice } from './pattern-choice.tsx';
import { switchPattern } from './switch-pattern.ts';
import styles from './patterns.module.css';

/** One pattern: its options or its number, what it costs, and how far its rollout is. */
export function PatternControl({ pattern }: { pattern: Pattern }) {
  const [change, busy] = useAction((option: string) => switchPattern(pattern.id, option));
  const [selected, choose] = useWanted(pattern.selected, change);
  const note = useId();
  const active = selected !== pattern.default;
  const rolling = pattern.rolling || busy;
  const settled = active && !rolling && pattern.lastSwitchMs !== null;
  return (
    <div className={styles.row}>
      <span title={pattern.summary}>{pattern.title}</span>
      <PatternChoice pattern={pattern} selected={selected} describedBy={note} onChoose={choose} />
      <small id={note} className={styles.note}>
        {active && pattern.idleWithout.length > 0 && `Does nothing without ${pattern.idleWithout.join(' and ')}. `}
        {active && `Costs: ${pattern.cost} ${pattern.whenNot} `}
        {pattern.options.map(
          ({ id, label, unavailable }) => unavailable && <span key={id}>{`${label}: ${unavailable} `}</span>,
        )}
        {settled && `In effect after ${seconds((pattern.lastSwitchMs ?? 0) / 1000)}. `}
        <DiffButton pattern={pattern} />
      </small>
      {rolling && (
        <div className={styles.rolling} role="status">
          <ProgressBar label={`${pattern.title} rolls out`} value={null} tone="pattern" />
          <small>Rolling out: pods are being replaced…</small>
        </div>
      )}
    </div>
  );
}
