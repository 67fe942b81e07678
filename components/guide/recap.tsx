'use client';
import { useState } from 'react';
import type { Recap as RecapData } from '../../server/contract/lab.ts';
import type { Ledger } from '../../server/contract/ledger.ts';
import { LedgerList } from '../ledger/ledger-list.tsx';
import { useLabEvents } from '../state/lab-events.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { latePart } from '../ui/late-part.tsx';
import { useRun } from './lab-context.tsx';
import { RecapTable } from './recap-table.tsx';
import { StartOver } from './start-over.tsx';
import styles from './recap.module.css';

/** The chart library is a third of the page's code: the guide does not wait for it. */
const RecapChart = latePart(async () => (await import('./recap-chart.tsx')).RecapChart);

/** The learner's own run in numbers: a chart with the moments marked, and a table. */
export function Recap() {
  const { recap, ledger } = useRun();
  const [open, setOpen] = useState(false);
  const report = useLabEvents();
  if (!recap) return <p className={styles.wait}>The recap fills as you go through the steps.</p>;
  return (
    <div>
      <Button
        look="primary"
        onClick={() => {
          setOpen(true);
          report({ type: 'recap-read' });
        }}
      >
        Read my recap
      </Button>
      {open && (
        <Dialog title="Your run, in numbers" onClose={() => setOpen(false)}>
          <RecapBody recap={recap} ledger={ledger} />
        </Dialog>
      )}
    </div>
  );
}

function RecapBody({ recap, ledger }: { recap: RecapData; ledger: Ledger | null }) {
  return (
    <div className={styles.recap}>
      <RecapChart recap={recap} />
      <RecapTable rows={recap.rows} figures={recap.figures} />
      {ledger && <LedgerList ledger={ledger} />}
      <div>
        <StartOver />
      </div>
    </div>
  );
}
