'use client';
import { useSystem } from '../state/use-system.ts';
import { Group } from '../ui/group.tsx';
import { FaultCard } from './fault-card.tsx';

/** The faults that act now; nothing when there are none. */
export function ActiveFaults() {
  const faults = useSystem('faults')?.filter(({ state }) => state === 'active') ?? [];
  if (faults.length === 0) return null;
  return (
    <Group title="Active faults">
      {faults.map((fault) => (
        <FaultCard key={fault.id} fault={fault} />
      ))}
    </Group>
  );
}
