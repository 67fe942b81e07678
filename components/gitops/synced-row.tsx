import type { FieldDrift, SyncedObject } from '../../server/contract/patterns.ts';
import { ColumnHeadings } from '../ui/column-headings.tsx';
import { plural } from '../ui/quantity.ts';
import styles from './gitops.module.css';
import { StateMark } from './state-mark.tsx';
import { stateOf } from './sync-words.ts';

/** One object: its state, why, and which fields differ. `shop`: the namespace that goes without saying. */
export function SyncedRow({ object: one, shop }: { object: SyncedObject; shop: string }) {
  const { object, namespace, health, drift } = one;
  const [kind, name] = object.split('/');
  const state = stateOf(one);
  return (
    <tr>
      <td>
        <StateMark state={state} />
      </td>
      <td>
        <span className={styles.name}>
          {kind} <b>{name}</b>
        </span>
        {namespace !== null && namespace !== shop && <span className={styles.more}>in {namespace}</span>}
        {state !== 'missing' && health.reason && <span className={styles.more}>{health.reason}</span>}
        {drift.length > 0 && <Drift object={object} drift={drift} />}
      </td>
    </tr>
  );
}

function Drift({ object, drift }: { object: string; drift: FieldDrift[] }) {
  return (
    <details className={styles.drift}>
      <summary>{plural(drift.length, 'field differs', 'fields differ')}</summary>
      <table aria-label={`What differs in ${object}`}>
        <ColumnHeadings titles={['Field', 'Desired', 'Live']} />
        <tbody>
          {drift.map(({ field, desired, live }) => (
            <tr key={field}>
              <th scope="row">{field}</th>
              <td>{desired ?? <i>not set</i>}</td>
              <td>{live ?? <i>not set</i>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
