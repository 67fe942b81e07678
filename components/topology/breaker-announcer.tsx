'use client';
import { useConnection, useMember } from '../state/use-system.ts';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';

/** Says a breaker's change once, for those who do not see the badge. Its countdown stays silent, and so does the past. */
export function BreakerAnnouncer() {
  const past = useConnection() === 'past';
  const states = useMember('topology', ({ edges }) =>
    edges
      .filter(({ breaker }) => breaker)
      .map(({ source, destination, breaker }) => `Breaker from ${source} to ${destination} is now ${breaker!.state}.`)
      .join(' '),
  );
  return (
    <VisuallyHidden role="status" aria-label="Circuit breakers">
      {!past && states}
    </VisuallyHidden>
  );
}
