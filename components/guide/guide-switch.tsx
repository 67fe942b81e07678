'use client';
import { useAction } from '../state/action.ts';
import { useSystem } from '../state/use-system.ts';
import { optionLabel } from '../patterns/option-label.ts';
import { PatternControl } from '../patterns/pattern-control.tsx';
import { switchPattern } from '../patterns/switch-pattern.ts';
import { Button } from '../ui/button.tsx';
import styles from './guide.module.css';

/** A pattern's switch within the text; with `option`, the one button that sets it. */
export function Switch({ pattern: id, option }: { pattern: string; option?: string }) {
  const pattern = useSystem('patterns')?.find((each) => each.id === id);
  const [change, busy] = useAction((to: string) => switchPattern(id, to));
  if (!pattern) return null;
  if (option === undefined) {
    return (
      <div className={styles.action}>
        <PatternControl pattern={pattern} />
      </div>
    );
  }
  const label = optionLabel(pattern, option);
  const done = pattern.selected === option;
  const text =
    label === 'off' || label === 'on'
      ? `Switch ${pattern.title.toLowerCase()} ${label}`
      : `Set ${pattern.title.toLowerCase()} to ${label}`;
  return (
    <div className={styles.action}>
      <Button
        look={done ? 'plain' : 'primary'}
        busy={busy}
        disabled={done && !pattern.rolling}
        onClick={() => void change(option)}
      >
        {done ? `✓ ${pattern.title}: ${label}` : text}
      </Button>
      {pattern.rolling && <small role="status">Rolling out…</small>}
    </div>
  );
}
