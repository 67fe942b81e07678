import { StopAllButton } from '../faults/stop-all-button.tsx';
import { StopProof } from '../faults/stop-proof.tsx';
import { Catalogue } from '../shell/catalogue.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import { drawAhead } from '../topology/draw-ahead.ts';
import { TopologyPanel } from '../topology/topology-panel.tsx';
import { Invitation } from './invitation.tsx';
import type { Scenario } from './scenario.ts';
import styles from './front.module.css';

/** The shop as it runs, one thing to try on it, and the labs. */
export async function FrontPage({ scenario }: { scenario: Scenario }) {
  return (
    <div className={styles.page}>
      <TopBar>
        <StopAllButton />
      </TopBar>
      <StopProof />
      <main>
        <div className={styles.hero}>
          <div className={styles.words}>
            <h1>Break a real shop on purpose. Then make it hold.</h1>
            <Invitation scenario={scenario} />
          </div>
          <div className={styles.stage}>
            <TopologyPanel ahead={await drawAhead()} />
          </div>
        </div>
        <div className={styles.labs}>
          <h2>Labs</h2>
          <Catalogue />
        </div>
      </main>
    </div>
  );
}
