'use client';
import { useSystem } from '../state/use-system.ts';
import { Group } from '../ui/group.tsx';
import { Drifts } from './drifts.tsx';
import { History } from './history.tsx';
import { PatternControl } from './pattern-control.tsx';
import { groupByPlace } from './pattern-groups.ts';
import styles from './patterns.module.css';

export function PatternsPanel() {
  const patterns = useSystem('patterns') ?? [];
  const problem = useSystem('desiredProblem');
  return (
    <>
      <div role="alert">
        {problem && (
          <Group title="The desired state is not in force">
            <p className={styles.problem}>{problem}</p>
          </Group>
        )}
      </div>
      {groupByPlace(patterns).map(({ place, patterns: members }) => (
        <Group key={place} title={place}>
          {members.map((pattern) => (
            <PatternControl key={pattern.id} pattern={pattern} />
          ))}
        </Group>
      ))}
      <Drifts />
      <History />
    </>
  );
}
