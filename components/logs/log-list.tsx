import { useState } from 'react';
import type { LogRecord } from '../../server/contract/logs.ts';
import { useOpenTrace } from '../traces/open-trace.ts';
import { Button } from '../ui/button.tsx';
import { clockSeconds } from '../ui/quantity.ts';
import { keysOf, levelOf } from './log-words.ts';
import styles from './logs.module.css';

/** The records, the newest first; each is a button that opens all that it carries. */
export function LogList({ logs }: { logs: LogRecord[] }) {
  const [open, setOpen] = useState<string | null>(null);
  const keys = keysOf(logs);
  return (
    <ul className={styles.list} aria-label="Log records">
      {logs.map((record, index) => {
        const key = keys[index]!;
        return (
          <li key={key}>
            <button
              type="button"
              className={styles.row}
              aria-expanded={key === open}
              onClick={() => setOpen(key === open ? null : key)}
            >
              <time>{clockSeconds(record.at)}</time>
              <span className={styles.level} data-level={levelOf(record.severity)}>
                {record.severityText || '–'}
              </span>
              <b>{record.service}</b>
              <span className={styles.body}>
                {record.body} <Summary record={record} />
              </span>
            </button>
            {key === open && <LogDetails record={record} />}
          </li>
        );
      })}
    </ul>
  );
}

/** The short ones of its attributes, as far as there is room. */
function Summary({ record }: { record: LogRecord }) {
  const pairs = Object.entries(record.attributes).filter(([name]) => name !== 'correlation_id');
  return <small>{pairs.map(([name, value]) => `${name}=${String(value).slice(0, 60)}`).join(' ')}</small>;
}

function LogDetails({ record }: { record: LogRecord }) {
  const openTrace = useOpenTrace();
  const { traceId, pod, body, attributes } = record;
  const rows = [['message', body], ['pod', pod ?? 'unknown'], ...Object.entries(attributes)];
  return (
    <dl className={styles.details}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
      {traceId && (
        <div>
          <dt>trace</dt>
          <dd>
            <Button look="link" onClick={() => openTrace(traceId)}>
              {traceId}
            </Button>
          </dd>
        </div>
      )}
    </dl>
  );
}
