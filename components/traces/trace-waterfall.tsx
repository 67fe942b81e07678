'use client';
import { useState } from 'react';
import type { CSSProperties } from 'react';
import { setView } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { clockSeconds, duration, plural } from '../ui/quantity.ts';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { SpanDetails } from './span-details.tsx';
import { useTrace } from './use-traces.ts';
import { waterfall } from './waterfall.ts';
import type { WaterfallRow } from './waterfall.ts';
import styles from './waterfall.module.css';

const GONE = 'This trace is gone';

/** One trace: every span a bar, what went wrong in it named. Each row is a button that opens its attributes. */
export function TraceWaterfall({ traceId, onClose }: { traceId: string; onClose: () => void }) {
  const answer = useTrace(traceId);
  const trace = answer === 'gone' ? null : answer;
  const [open, setOpen] = useState<string | null>(null);
  return (
    <section className={styles.waterfall} aria-label="Trace">
      {/* There before it has something to say: a reader only hears what changes. */}
      <VisuallyHidden role="status">{answer === 'gone' ? GONE : ''}</VisuallyHidden>
      <header className={styles.header}>
        {trace ? (
          <h2>
            {trace.name} <b>{duration(trace.duration)}</b>
            <small>
              {clockSeconds(trace.startedAt)}, {plural(trace.spans, 'span')}
            </small>
          </h2>
        ) : (
          <h2>{answer === 'gone' ? GONE : 'Reading the trace…'}</h2>
        )}
        {trace && (
          <Button look="link" onClick={() => setView({ dock: 'logs', logs: traceId })}>
            Logs of this trace
          </Button>
        )}
        <button type="button" className={styles.close} aria-label="Close trace" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {answer === 'gone' && (
        <p className={styles.gone}>
          Traces are kept for 15 minutes at most, and not over a restart of the lab. Choose another.
        </p>
      )}
      {trace && (
        <ol className={styles.rows}>
          {waterfall(trace.tree, trace.duration).map((row) => (
            <Row key={row.span.spanId} row={row} open={open === row.span.spanId} onToggle={setOpen} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Row({ row, open, onToggle }: { row: WaterfallRow; open: boolean; onToggle: (id: string | null) => void }) {
  const { span, depth, left, width, notes } = row;
  const place = { '--left': `${left * 100}%`, '--width': `${width * 100}%`, '--depth': depth } as CSSProperties;
  return (
    <li>
      <button
        type="button"
        className={styles.row}
        style={place}
        data-error={span.error}
        aria-expanded={open}
        onClick={() => onToggle(open ? null : span.spanId)}
      >
        <span className={styles.what}>
          <b>{span.service}</b> {span.name}
        </span>
        <span className={styles.track}>
          <i data-kind={span.kind} />
          <span className={styles.label}>
            {duration(span.duration)}
            {notes.map((note) => (
              <em key={note.text} data-kind={note.kind}>
                {note.text}
              </em>
            ))}
          </span>
        </span>
      </button>
      {open && <SpanDetails span={span} />}
    </li>
  );
}
