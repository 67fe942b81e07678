import { useMember } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import type { TraceFilter } from './use-traces.ts';
import styles from './traces.module.css';

/** Offered lower bounds of a trace's duration, in ms. */
const SLOW = [0, 100, 500, 1000, 3000];

export interface TraceFiltersProps {
  filter: TraceFilter;
  onChange: (filter: TraceFilter) => void;
  paused: boolean;
  onPause: (paused: boolean) => void;
}

export function TraceFilters({ filter, onChange, paused, onPause }: TraceFiltersProps) {
  const names = useMember('topology', ({ services }) => services.map(({ name }) => name).join(' ')) ?? '';
  const services = names.split(' ');
  return (
    <div className={styles.filters}>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={filter.error}
          onChange={(event) => onChange({ ...filter, error: event.target.checked })}
        />
        Failed only
      </label>
      <select
        aria-label="Slower than"
        value={filter.slow}
        onChange={(event) => onChange({ ...filter, slow: Number(event.target.value) })}
      >
        {SLOW.map((slow) => (
          <option key={slow} value={slow}>
            {slow === 0 ? 'any duration' : `over ${slow} ms`}
          </option>
        ))}
      </select>
      <select
        aria-label="Through service"
        value={filter.service}
        onChange={(event) => onChange({ ...filter, service: event.target.value })}
      >
        <option value="">any service</option>
        {services.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <Button look="quiet" aria-pressed={paused} onClick={() => onPause(!paused)}>
        <Icon name={paused ? 'play' : 'pause'} />
        {paused ? 'Resume' : 'Pause'}
      </Button>
    </div>
  );
}
