'use client';
import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { Pattern } from '../../server/contract/patterns.ts';
import { attempt } from '../state/action.ts';
import { useLabEvents } from '../state/lab-events.ts';
import { useConnection } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { changedLines } from './diff-lines.ts';
import { readDiff } from './switch-pattern.ts';
import type { ShownDiff } from './switch-pattern.ts';
import { YamlDiff } from './yaml-diff.tsx';
import styles from './patterns.module.css';

/** Opens what a pattern changes in the manifests. The link says how long that is. */
export function DiffButton({ pattern, look = 'link' }: { pattern: Pattern; look?: 'link' | 'plain' }) {
  const [button, seen] = useSeen();
  const shown = useDiff(pattern, seen);
  const [open, setOpen] = useState(false);
  const report = useLabEvents();
  const size = shown?.diff ? `${changedLines(shown.diff)}-line ` : '';
  return (
    <>
      <Button
        ref={button}
        look={look}
        className={look === 'link' ? styles.diff : undefined}
        aria-label={`See the ${size}YAML diff: ${pattern.title}`}
        onClick={() => {
          setOpen(true);
          report({ type: 'diff-opened', pattern: pattern.id });
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

/**
 * Read again when another option was selected, and while it is missing when the stream comes back; `rolling` and times
 * change far more often and do not matter. Each costs the server a rendering of all manifests: nobody reads those that nobody sees.
 */
function useDiff(pattern: Pattern, isWanted: boolean): ShownDiff | null {
  const [read, setRead] = useState<{ of: string; shown: ShownDiff } | null>(null);
  const live = useConnection() === 'live';
  const wanted = `${pattern.id} ${pattern.selected}`;
  const missing = read?.of !== wanted;
  const latest = useRef(pattern);
  useEffect(() => {
    latest.current = pattern;
  });
  useEffect(() => {
    if (!live || !missing || !isWanted) return;
    let current = true;
    void attempt(() => readDiff(latest.current)).then((shown) => current && shown && setRead({ of: wanted, shown }));
    return () => {
      current = false;
    };
  }, [wanted, live, missing, isWanted]);
  return read?.shown ?? null;
}

/** Whether an element has been in view, and what to give it as its `ref`. */
function useSeen(): [ref: RefObject<HTMLButtonElement | null>, seen: boolean] {
  const ref = useRef<HTMLButtonElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, []);
  return [ref, seen];
}
