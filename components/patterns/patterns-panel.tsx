'use client';
import { usePathname } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { useLabs } from '../state/use-labs.ts';
import { useSystem } from '../state/use-system.ts';
import { useView } from '../state/view.ts';
import { Group } from '../ui/group.tsx';
import { Drifts } from './drifts.tsx';
import { History } from './history.tsx';
import { PatternControl } from './pattern-control.tsx';
import { PatternFilter } from './pattern-filter.tsx';
import { arrange } from './pattern-groups.ts';
import styles from './patterns.module.css';

const none: readonly string[] = [];

/** All patterns, a line each: what is selected and what the lab is about come first, and words find the others. */
export function PatternsPanel() {
  const patterns = useSystem('patterns') ?? [];
  const problem = useSystem('desiredProblem');
  const [selection] = useView('select', '');
  const [words, setWords] = useState('');
  const groups = arrange(patterns, { selection, ofLab: usePatternsOfLab(), words });
  return (
    <>
      <div role="alert">
        {problem && (
          <Group title="The desired state is not in force">
            <p className={styles.problem}>{problem}</p>
          </Group>
        )}
      </div>
      <PatternFilter
        words={words}
        onChange={setWords}
        found={groups.reduce((sum, group) => sum + group.patterns.length, 0)}
        all={patterns.length}
      />
      <Top key={selection} />
      {groups.map(({ title, patterns: members }) => (
        <Group key={title} title={title}>
          {members.map((pattern) => (
            <PatternControl key={pattern.id} pattern={pattern} />
          ))}
        </Group>
      ))}
      {words === '' && (
        <>
          <Drifts />
          <History />
        </>
      )}
    </>
  );
}

/** Those that the lab of this page switches, in its order. */
function usePatternsOfLab(): readonly string[] {
  const lab = /^\/labs\/([^/]+)/.exec(usePathname())?.[1];
  return useLabs()?.find(({ id }) => id === lab)?.patterns ?? none;
}

/** Scrolls what holds it to its top when it comes: what was just selected stands there. A page that scrolls as a whole stays. */
function Top() {
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    mark.current?.closest('[role=tabpanel]')?.scrollTo({ top: 0 });
  }, []);
  return <span ref={mark} hidden />;
}
