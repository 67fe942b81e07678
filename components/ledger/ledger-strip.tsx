'use client';
import { useId } from 'react';
import { useLabStore } from '../state/lab-store-context.ts';
import { useStore } from '../state/use-store.ts';
import { useConnection, useSystem } from '../state/use-system.ts';
import { setView } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { clock, clockSeconds, count } from '../ui/quantity.ts';
import { ledgerRows, wrongRows, type LedgerRow } from './ledger-rows.ts';
import styles from './ledger-strip.module.css';

/** What customers got, always in view: the worst of what must never happen first and largest. */
export function LedgerStrip() {
  const total = useSystem('ledger');
  const run = useSystem('lab');
  const ledger = run?.ledger ?? total; // in a lab, what the learner's own run has brought
  const moment = useMoment();
  if (!ledger) {
    return (
      <section className={styles.strip} aria-label="Ledger: what customers got">
        <span className={styles.since}>Ledger: the databases have not answered yet.</span>
      </section>
    );
  }
  const rows = ledgerRows(ledger);
  const wrong = wrongRows(rows);
  const usual = rows.filter(({ tone, value, title }) => tone === 'plain' && (value > 0 || title === 'Orders accepted'));
  return (
    <section className={styles.strip} aria-label="Ledger: what customers got">
      <span className={styles.since}>
        {moment === null ? 'Since' : `At ${clockSeconds(moment)}, all since`} {clock(ledger.since)}
      </span>
      {wrong.map((row, at) => (
        <Entry key={row.title} row={row} worst={at === 0} />
      ))}
      {usual.map((row) => (
        <Entry key={row.title} row={row} worst={false} />
      ))}
      {wrong.length === 0 && (
        <span className={styles.well}>
          <Icon name="check" size={13} /> none lost or charged twice
        </span>
      )}
    </section>
  );
}

/** The moment of the past that this shows, Unix time in ms; null while that is now. */
function useMoment(): number | null {
  const past = useConnection() === 'past';
  return useStore(useLabStore().system, (view) => (past ? (view?.time ?? null) : null));
}

function Entry({ row: { title, value, tone, explanation }, worst }: { row: LedgerRow; worst: boolean }) {
  const id = useId();
  return (
    <>
      <button
        type="button"
        className={styles.entry}
        data-tone={tone}
        data-worst={worst}
        title={explanation}
        popoverTarget={id}
      >
        {title} <b>{count(value)}</b>
      </button>
      <div id={id} popover="auto" className={styles.popover} role="dialog" aria-label={title}>
        <p>
          <b>{title}:</b> {explanation}
        </p>
        <Button
          popoverTarget={id}
          popoverTargetAction="hide"
          onClick={() => setView({ dock: 'traces', trace: null, tall: null })}
        >
          Look at traces
        </Button>
      </div>
    </>
  );
}
