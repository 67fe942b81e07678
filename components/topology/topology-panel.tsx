'use client';
import { useCommands } from '../commands/command.ts';
import { useConnection, useMember } from '../state/use-system.ts';
import { readView, setView, useView } from '../state/view.ts';
import { Icon } from '../ui/icon.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { BreakerAnnouncer } from './breaker-announcer.tsx';
import { Contours } from './contours.tsx';
import type { Placement } from './graph.ts';
import { TopologyGraph } from './topology-graph.tsx';
import { TopologyList } from './topology-list.tsx';
import { useNarrow } from './use-narrow.ts';
import { usePlacement } from './use-placement.ts';
import styles from './topology.module.css';

const views = [
  { id: 'graph', label: <Icon name="graph" />, name: 'As a graph' },
  { id: 'list', label: <Icon name="list" />, name: 'As a list' },
];

/**
 * The shop as it runs: a graph or a list, on a phone first the list; the graph says all of it to assistive technology too, card by
 * card. `ahead` is the drawing of the shop as it usually is.
 */
export function TopologyPanel({ ahead }: { ahead: Placement }) {
  const [shown, show] = useView('graph', useNarrow() ? 'list' : 'graph');
  const placement = usePlacement(ahead);
  const other = shown === 'list' ? 'graph' : 'list';
  useCommands([
    {
      ...{ id: 'graph-or-list', label: `Topology as a ${other}`, group: 'Topology', keys: 'v' },
      run: () => show(other),
    },
    {
      ...{ id: 'select-nothing', label: 'Select nothing', group: 'Topology', keys: 'x' },
      when: () => readView('select') !== null,
      run: () => setView({ select: null }),
    },
  ]);
  const connection = useConnection();
  return (
    <section
      className={styles.panel}
      aria-label="Topology"
      data-past={connection === 'past'}
      data-stale={connection !== 'live' && connection !== 'past' && placement !== null}
    >
      <Contours />
      <div className={styles.toggle}>
        <Segmented label="Show the topology" tone="plain" segments={views} selected={shown} onSelect={show} />
      </div>
      <BreakerAnnouncer />
      <TopologyProblem />
      {shown === 'list' ? (
        <div className={styles.list} tabIndex={0} role="region" aria-label="Topology as a list">
          <TopologyList />
        </div>
      ) : placement ? (
        <TopologyGraph placement={placement} />
      ) : (
        <Waiting />
      )}
    </section>
  );
}

/** What the drawing does not tell apart. */
function TopologyProblem() {
  const problem = useMember('topology', (topology) => topology.problem);
  return (
    <div role="status" aria-label="Topology problem">
      {problem && <p className={styles.problem}>{problem}</p>}
    </div>
  );
}

function Waiting() {
  return (
    <p className={styles.waiting} role="status">
      Waiting for the cluster to report…
    </p>
  );
}
