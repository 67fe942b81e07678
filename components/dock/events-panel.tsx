'use client';
import { request } from '../state/api.ts';
import { clockSeconds } from '../ui/quantity.ts';
import { useRefreshed } from '../state/use-refreshed.ts';
import { ColumnHeadings } from '../ui/column-headings.tsx';
import styles from './dock.module.css';

/** An event of the cluster, as GET /api/events lists them. */
interface ClusterEvent {
  /** Unix time in ms. */
  at: number;
  /** `Normal` or `Warning`. */
  type: string;
  reason: string;
  object: string;
  message: string;
  count: number;
}

const readEvents = () => request<{ events: ClusterEvent[] }>('GET', '/api/events');

/** What the cluster says it does: the events kubectl would list, the latest first. */
export function EventsPanel() {
  const events = useRefreshed(readEvents, 2000)?.events;
  if (!events) return <p className={styles.panel}>Reading events…</p>;
  if (events.length === 0) return <p className={styles.panel}>The cluster has reported no event.</p>;
  return (
    <div className={styles.panel}>
      <table className={styles.events}>
        <ColumnHeadings titles={['Time', 'Type', 'Reason', 'Object', 'Message']} />
        <tbody>
          {events.map((event, index) => (
            <tr key={`${event.at} ${event.object} ${event.reason} ${index}`}>
              <td>{clockSeconds(event.at)}</td>
              <td data-warning={event.type === 'Warning'}>{event.type}</td>
              <td>{event.reason}</td>
              <td>{event.object}</td>
              <td>
                {event.message}
                {event.count > 1 && ` (${event.count} times)`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
