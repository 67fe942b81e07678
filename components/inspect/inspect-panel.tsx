'use client';
import { useEdge, useService } from '../state/use-system.ts';
import { useView } from '../state/view.ts';
import { EdgeDetails } from './edge-details.tsx';
import { ServiceDetails } from './service-details.tsx';
import styles from './inspect.module.css';

/** What is selected in the topology, in full. */
export function InspectPanel() {
  const [selection] = useView('select', '');
  const service = useService(selection);
  const edge = useEdge(selection);
  if (service) return <ServiceDetails service={service} />;
  if (edge) return <EdgeDetails edge={edge} />;
  return <p className={styles.empty}>Click a service or a call in the topology to look into it.</p>;
}
