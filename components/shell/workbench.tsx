import type { ReactNode } from 'react';
import { Dock } from '../dock/dock.tsx';
import { StopAllButton } from '../faults/stop-all-button.tsx';
import { StopProof } from '../faults/stop-proof.tsx';
import { LedgerStrip } from '../ledger/ledger-strip.tsx';
import { AsItWas } from '../rewind/as-it-was.tsx';
import { PastNotice } from '../rewind/past-notice.tsx';
import { RewindBar } from '../rewind/rewind-bar.tsx';
import { drawAhead } from '../topology/draw-ahead.ts';
import { TopologyPanel } from '../topology/topology-panel.tsx';
import { Controls } from './controls.tsx';
import { LoadControl } from './load-control.tsx';
import { PresentButton } from './present-button.tsx';
import { TopBar } from './top-bar.tsx';
import { WorkbenchFrame } from './workbench-frame.tsx';
import styles from './shell.module.css';

/** The lab page: guide (where there is one), the live shop, controls, dock. */
export async function Workbench({ crumb, guide }: { crumb: ReactNode; guide?: ReactNode }) {
  return (
    <WorkbenchFrame guide={guide !== undefined}>
      <div className={styles.top}>
        <TopBar crumb={crumb}>
          <LoadControl />
          <PresentButton />
          <StopAllButton />
        </TopBar>
        <StopProof />
      </div>
      {guide !== undefined && <div className={styles.guide}>{guide}</div>}
      <div className={styles.rest}>
        <main className={styles.main}>
          <div className={styles.stage}>
            <PastNotice />
            <AsItWas>
              <TopologyPanel ahead={await drawAhead()} />
            </AsItWas>
          </div>
          <RewindBar />
          <AsItWas>
            <LedgerStrip />
          </AsItWas>
          <Dock />
        </main>
        <Controls />
      </div>
    </WorkbenchFrame>
  );
}
