'use client';
import { useEffect, useRef, useState } from 'react';
import type { Pattern } from '../../server/contract/patterns.ts';
import { attempt } from '../state/action.ts';
import { useLabEvents } from '../state/lab-events.ts';
import { useConnection } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { plural } from '../ui/quantity.ts';
import { changedLines } from './diff-lines.ts';
import { readDiff } from './switch-pattern.ts';
import type { ShownDiff } from './switch-pattern.ts';
import { YamlDiff } from './yaml-diff.tsx';
import styles from './patterns.module.css';

/** Opens what a pattern changes in the manifests. Not before that is it read: it costs the server a rendering of all of them. */
export function DiffButton({ pattern, look = 'link' }: { pattern: Pattern; look?: 'link' | 'plain' }) {
  const [open, setOpen] = useState(false);
  const report = useLabEvents();
  return (
    <>
      <Button
        look={look}
        className={look === 'link' ? styles.diff : undefined}
        aria-label={`See the YAML diff: ${pattern.title}`}
        onClick={() => {
          setOpen(true);
          report({ type: 'diff-opened', pattern: pattern.id });
        }}
      >
        See the YAML diff
      </Button>
      {open && <DiffDialog pattern={pattern} onClose={() => setOpen(false)} />}
    </>
  );
}

function DiffDialog({ pattern, onClose }: { pattern: Pattern; onClose: () => void }) {
  const shown = useDiff(pattern);
  return (
    <Dialog title={shown?.title ?? pattern.title} onClose={onClose}>
      <p className={styles.about}>
        {pattern.summary} {shown && shown.diff !== '' && `${plural(changedLines(shown.diff), 'line')} of YAML:`}
      </p>
      {shown ? <YamlDiff diff={shown.diff} /> : <p className={styles.about}>Reading the manifests…</p>}
    </Dialog>
  );
}

/**
 * Read again when another option was selected, and while it is missing when the stream comes back; `rolling` and times
 * change far more often and do not matter.
 */
function useDiff(pattern: Pattern): ShownDiff | null {
  const [read, setRead] = useState<{ of: string; shown: ShownDiff } | null>(null);
  const live = useConnection() === 'live';
  const wanted = `${pattern.id} ${pattern.selected}`;
  const missing = read?.of !== wanted;
  const latest = useRef(pattern);
  useEffect(() => {
    latest.current = pattern;
  });
  useEffect(() => {
    if (!live || !missing) return;
    let current = true;
    void attempt(() => readDiff(latest.current)).then((shown) => current && shown && setRead({ of: wanted, shown }));
    return () => {
      current = false;
    };
  }, [wanted, live, missing]);
  return read?.shown ?? null;
}
