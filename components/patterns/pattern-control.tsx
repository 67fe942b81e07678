'use client';
import { useId } from 'react';
import type { Pattern } from '../../server/contract/patterns.ts';
import { useAction } from '../state/action.ts';
import { seconds } from '../ui/quantity.ts';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Switch } from '../ui/switch.tsx';
import { DiffButton } from './diff-button.tsx';
import { isSwitch } from './pattern-groups.ts';
import { switchPattern } from './switch-pattern.ts';
import styles from './patterns.module.css';

/** One pattern: its options, what it costs, and how far its rollout is. */
export function PatternControl({ pattern }: { pattern: Pattern }) {
  const [change, busy] = useAction((option: string) => switchPattern(pattern.id, option));
  const note = useId();
  const [off, on] = pattern.options;
  const option = pattern.options.find(({ id }) => id === pattern.selected);
  const active = pattern.selected !== off?.id;
  return (
    <div className={styles.row}>
      <span title={pattern.summary}>{pattern.title}</span>
      {isSwitch(pattern) ? (
        <Switch
          label={pattern.title}
          checked={active}
          disabled={busy}
          describedBy={note}
          onChange={(checked) => void change(checked ? on!.id : off!.id)}
        />
      ) : (
        <Segmented
          label={pattern.title}
          segments={pattern.options}
          selected={pattern.selected}
          disabled={busy}
          onSelect={(id) => void change(id)}
        />
      )}
      <small id={note} className={styles.note}>
        {active ? `Costs: ${pattern.cost}` : option?.summary} <DiffButton pattern={pattern} />
      </small>
      {pattern.rolling && (
        <div className={styles.rolling} role="status">
          <ProgressBar label={`${pattern.title} rolls out`} value={null} tone="pattern" />
          <small>Rolling out: pods are being replaced…</small>
        </div>
      )}
      {!pattern.rolling && active && pattern.lastSwitchMs !== null && (
        <small className={styles.note}>In effect after {seconds(pattern.lastSwitchMs / 1000)}.</small>
      )}
    </div>
  );
}
