import type { PolicyCheck } from '../../server/contract/patterns.ts';
import { plural } from '../ui/quantity.ts';
import { StateMark } from './state-mark.tsx';

/** One policy: why it is there, and which objects do not hold to it. */
export function PolicyItem({ policy: { title, why, violations } }: { policy: PolicyCheck['policies'][number] }) {
  const broken = violations.length > 0;
  const objects = new Set(violations.map(({ object }) => object)).size;
  return (
    <li>
      <h2>{title}</h2>
      <StateMark state={broken ? 'failed' : 'synced'}>
        {broken ? `broken by ${plural(objects, 'object')}` : 'held'}
      </StateMark>
      <p>{why}</p>
      {broken && (
        <ul>
          {violations.map(({ object, message }) => (
            <li key={`${object} ${message}`}>
              <b>{object}</b>: {message}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
