'use client';
import { useConnection, useSystem } from '../state/use-system.ts';
import { plural } from '../ui/quantity.ts';
import styles from './shell.module.css';

/** Which cluster the shop runs in, and whether it answers. */
export function ClusterPill() {
  const cluster = useSystem('cluster');
  const live = useConnection() === 'live';
  if (!cluster) {
    return (
      <span className={styles.pill} role="status" aria-label="Cluster" data-up="waiting">
        <i /> starting…
      </span>
    );
  }
  const ready = cluster.nodes.filter((node) => node.ready).length;
  const nodes =
    ready === cluster.nodes.length ? plural(ready, 'node') : `${ready} of ${plural(cluster.nodes.length, 'node')}`;
  const up = live && cluster.connected;
  return (
    <span className={styles.pill} role="status" aria-label="Cluster" data-up={up}>
      <i /> <b>{cluster.name}</b> {up ? `${nodes} · ${plural(cluster.pods, 'pod')}` : 'not reachable'}
    </span>
  );
}
