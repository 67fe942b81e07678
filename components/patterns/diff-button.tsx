'use client';
import { useEffect, useRef, useState } from 'react';
import type { Pattern } from '../../server/contract/patterns.ts';
import { attempt } from '../state/action.ts';
import { reportLabEvent } from '../state/lab-events.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { changedLines } from './diff-lines.ts';
import { readDiff } from './switch-pattern.ts';
import type { ShownDiff } from './switch-pattern.ts';
import { YamlDiff } from './yaml-diff.tsx';
import styles from './patterns.module.css';

/** Opens what a pattern changes in the manifests. The link says how long that is. */
export function DiffButton({ pattern, look = 'link' }: { pattern: Pattern; look?: 'link' | 'plain' }) {
  const shown = useDiff(pattern);
  const [open, setOpen] = useState(false);
  const size = shown?.diff ? `${changedLines(shown.diff)}-line ` : '';
  return (
    <>
      <Button
        look={look}
        className={look === 'link' ? styles.diff : undefined}
        aria-label={`See the ${size}YAML diff: ${pattern.title}`}
        onClick={() => {
          setOpen(true);
          reportLabEvent({ type: 'diff-opened', pattern: pattern.id });
        }}
      >
        See the {size}YAML diff
      </Button>
      {open && (
        <Dialog title={shown?.title ?? pattern.title} onClose={() => setOpen(false)}>
          <p className={styles.about}>{pattern.summary}</p>
          {shown ? <YamlDiff diff={shown.diff} /> : <p className={styles.about}>Reading the manifests…</p>}
        </Dialog>
      )}
    </>
  );
}

/** Read again when another option was selected; `rolling` and times change far more often and do not matter. */
function useDiff(pattern: Pattern): ShownDiff | null {
  const [shown, setShown] = useState<ShownDiff | null>(null);
  const latest = useRef(pattern);
  useEffect(() => {
    latest.current = pattern;
  });
  useEffect(() => {
    let current = true;
    void attempt(() => readDiff(latest.current)).then((answer) => current && answer && setShown(answer));
    return () => {
      current = false;
    };
  }, [pattern.id, pattern.selected]);
  return shown;
}
