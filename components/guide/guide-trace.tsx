'use client';
import { useAction } from '../state/action.ts';
import { useOpenNewest } from '../traces/open-trace.ts';
import { Button } from '../ui/button.tsx';
import styles from './guide.module.css';

/** Opens the newest trace of that name in the dock; with `over`, of those that took longer: `1s`, `500ms`. */
export function Trace({ name, over = '0ms' }: { name: string; over?: string }) {
  const milliseconds = Number.parseFloat(over) * (over.endsWith('ms') ? 1 : 1000);
  const openNewest = useOpenNewest();
  const [open, busy] = useAction(() => openNewest(name, milliseconds));
  return (
    <div className={styles.action}>
      <Button busy={busy} onClick={() => void open()}>
        Open a trace of {name}
        {milliseconds > 0 && ` over ${over}`}
      </Button>
    </div>
  );
}
