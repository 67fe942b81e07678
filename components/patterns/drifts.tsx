'use client';
import { useSystem } from '../state/use-system.ts';
import { Group } from '../ui/group.tsx';
import { clockSeconds } from '../ui/quantity.ts';
import styles from './history.module.css';

const listed = 5;

/** What others changed in the cluster, and was changed back to the desired state; read out as it comes. */
export function Drifts() {
  const drifts = useSystem('drifts') ?? [];
  return (
    <div role="status">
      {drifts.length > 0 && (
        <Group title="Changed in the cluster, and changed back">
          <ul className={styles.drifts}>
            {drifts.slice(0, listed).map(({ id, object, fields, by, at }) => (
              <li key={id}>
                <span>
                  <b>{object}</b> {fields.join(', ')}{' '}
                  <small>
                    {by && `${by}, `}
                    {clockSeconds(at)}
                  </small>
                </span>
              </li>
            ))}
          </ul>
        </Group>
      )}
    </div>
  );
}
