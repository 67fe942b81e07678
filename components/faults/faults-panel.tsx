'use client';
import { useEffect, useState } from 'react';
import type { Topology } from '../../server/contract/topology.ts';
import { useMember, useSystem } from '../state/use-system.ts';
import { useView } from '../state/view.ts';
import { targetName } from '../topology/edge-notes.ts';
import { Group } from '../ui/group.tsx';
import { useCatalogueRefresh, useFaultKinds } from './fault-catalogue.ts';
import { FaultForm } from './fault-form.tsx';
import styles from './faults.module.css';

const categories = {
  dependency: 'Dependency',
  network: 'Network',
  http: 'HTTP',
  queue: 'Queues',
  process: 'Process',
  cluster: 'Cluster',
  logs: 'Logs',
} as const;

/** All kinds of faults, by what they act on. One is open at a time: its form. */
export function FaultsPanel() {
  const kinds = useFaultKinds();
  const blocked = useSystem('faultsBlocked') ?? false;
  const [open, setOpen] = useState<string | null>(null);
  const [selection] = useView('select', '');

  const pods = useMember('topology', podNames) ?? '';
  const refresh = useCatalogueRefresh();
  useEffect(() => {
    if (pods !== '') void refresh();
  }, [refresh, open, pods]);

  return (
    <>
      <p className={styles.lead}>
        {selection
          ? `Target: ${targetName(selection)}. Click elsewhere in the topology for another.`
          : 'Click a service or a call in the topology to choose a target. Every fault ends by itself.'}
      </p>
      {Object.entries(categories).map(([category, title]) => (
        <Group key={category} title={title}>
          {kinds
            .filter((kind) => kind.category === category)
            .map((kind) => (
              <details key={kind.id} className={styles.kind} open={open === kind.id}>
                <summary
                  onClick={(event) => {
                    event.preventDefault();
                    setOpen(open === kind.id ? null : kind.id);
                  }}
                >
                  {kind.title}
                  <small>{kind.summary}</small>
                  {kind.reason && <small>Cannot act now. {kind.reason}</small>}
                </summary>
                {open === kind.id && <FaultForm kind={kind} blocked={blocked} selection={selection} />}
              </details>
            ))}
        </Group>
      ))}
    </>
  );
}

/** All pods that can be acted on, as one word: another when one came or goes. */
function podNames({ services }: Topology): string {
  return services
    .flatMap(({ pods }) => pods)
    .filter(({ state }) => state !== 'terminating')
    .map(({ name }) => name)
    .join();
}
