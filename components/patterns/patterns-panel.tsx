'use client';
import { useSystem } from '../state/use-system.ts';
import { Group } from '../ui/group.tsx';
import { PatternControl } from './pattern-control.tsx';
import { groupByPlace } from './pattern-groups.ts';

export function PatternsPanel() {
  const patterns = useSystem('patterns') ?? [];
  return groupByPlace(patterns).map(({ place, patterns: members }) => (
    <Group key={place} title={place}>
      {members.map((pattern) => (
        <PatternControl key={pattern.id} pattern={pattern} />
      ))}
    </Group>
  ));
}
