'use client';
import type { PolicyCheck } from '../../server/contract/patterns.ts';
import { PatternControl } from '../patterns/pattern-control.tsx';
import { request } from '../state/api.ts';
import { useRefreshed } from '../state/use-refreshed.ts';
import { useMember } from '../state/use-system.ts';
import styles from './gitops.module.css';
import { PolicyItem } from './policy-item.tsx';

const read = () => request<PolicyCheck>('GET', '/api/policies');

/** What the desired state should hold to, what of it does not, and the switch that holds commits to it. */
export function PoliciesView() {
  const check = useRefreshed(read, 2000);
  const pattern = useMember('patterns', (patterns) => patterns.find(({ id }) => id === 'policy-check') ?? null);
  return (
    <>
      <p role="status" className={styles.about}>
        {!check && 'Reading the policies…'}
        {check?.enforced &&
          'Commits are held to these policies: one that would newly break one is refused, with what to do.'}
        {check?.enforced === false && 'Commits are not held to these policies: what renders is applied.'}
      </p>
      {pattern && (
        <div className={styles.switch}>
          <PatternControl pattern={pattern} />
        </div>
      )}
      {check && (
        <ul className={styles.policies} aria-label="Policies">
          {check.policies.map((policy) => (
            <PolicyItem key={policy.id} policy={policy} />
          ))}
        </ul>
      )}
    </>
  );
}
