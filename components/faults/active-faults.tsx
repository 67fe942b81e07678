'use client';
import { useSystem } from '../state/use-system.ts';
import { Group } from '../ui/group.tsx';
import { EndedFaults } from './ended-faults.tsx';
import { FaultCard } from './fault-card.tsx';

/** The faults that act now, and below them what became of the last ones; nothing when there are none. */
export function ActiveFaults() {
  const faults = useSystem('faults') ?? [];
  const active = faults.filter(({ state }) => state === 'active');
  const ended = faults.filter(({ state }) => state === 'ended');
  return (
    <>
      {active.length > 0 && (
        <Group title="Active faults">
          {active.map((fault) => (
            <FaultCard key={fault.id} fault={fault} />
          ))}
        </Group>
      )}
      {ended.length > 0 && (
        <Group title="Ended in the last minute">
          <EndedFaults faults={ended} />
        </Group>
      )}
    </>
  );
}
