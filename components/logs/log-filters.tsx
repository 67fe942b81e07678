import { useMember } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import type { LogFilter } from './use-logs.ts';
import styles from './logs.module.css';

const levels = [
  { severity: 0, label: 'any level' },
  { severity: 13, label: 'warnings and errors' },
  { severity: 17, label: 'errors' },
];

export interface LogFiltersProps {
  filter: LogFilter;
  onChange: (change: Partial<LogFilter>) => void;
  paused: boolean;
  onPause: (paused: boolean) => void;
}

export function LogFilters({ filter, onChange, paused, onPause }: LogFiltersProps) {
  const names = useMember('topology', ({ services }) => services.map(({ name }) => name).join(' ')) ?? '';
  return (
    <div className={styles.filters}>
      <input
        type="search"
        aria-label="Search in messages"
        placeholder="Search"
        maxLength={200}
        value={filter.text}
        onChange={(event) => onChange({ text: event.target.value })}
      />
      <select
        aria-label="Level"
        value={filter.severity}
        onChange={(event) => onChange({ severity: Number(event.target.value) })}
      >
        {levels.map(({ severity, label }) => (
          <option key={severity} value={severity}>
            {label}
          </option>
        ))}
      </select>
      <select
        aria-label="Of service"
        value={filter.service}
        onChange={(event) => onChange({ service: event.target.value })}
      >
        <option value="">any service</option>
        {names.split(' ').map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      {filter.trace && (
        <Button look="quiet" aria-label="Show logs of all traces" onClick={() => onChange({ trace: '' })}>
          trace {filter.trace.slice(0, 8)}
          <Icon name="close" />
        </Button>
      )}
      <Button look="quiet" aria-pressed={paused} onClick={() => onPause(!paused)}>
        <Icon name={paused ? 'play' : 'pause'} />
        {paused ? 'Resume' : 'Pause'}
      </Button>
    </div>
  );
}
