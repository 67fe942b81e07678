'use client';
import Link from 'next/link';
import type { Load } from '../../server/contract/frame.ts';
import { startFault, stopFault } from '../faults/fault-catalogue.ts';
import { optionLabel } from '../patterns/option-label.ts';
import { switchPattern } from '../patterns/switch-pattern.ts';
import { useAction } from '../state/action.ts';
import { request } from '../state/api.ts';
import { useMember, useSystem } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { ShopFigures } from './shop-figures.tsx';
import { phaseOf, type Scenario } from './scenario.ts';
import styles from './front.module.css';

/** The one thing to try, and then the next: what it says follows the shop, whoever changed that. */
export function Invitation({ scenario }: { scenario: Scenario }) {
  const { fault, remedy, words } = scenario;
  const acting = useSystem('faults')?.find(
    ({ state, kind, target }) => state === 'active' && kind === fault.kind && target === fault.target,
  );
  const blocked = useSystem('faultsBlocked') ?? false;
  const pattern = useSystem('patterns')?.find(({ id }) => id === remedy.pattern);
  const reason = useMember('customer', (customer) => customer.reason ?? '');
  const rate = useMember('load', (load) => load.rate) ?? 0;
  const [start, starting] = useAction(async () => {
    if (rate < scenario.load) await request<Load>('PUT', '/api/load', { rate: scenario.load });
    await startFault(fault);
  });
  const [stop, stopping] = useAction(stopFault);
  const [change, changing] = useAction((option: string) => switchPattern(remedy.pattern, option));

  const remedied = pattern?.selected === remedy.option;
  const phase = phaseOf({
    acting: acting !== undefined,
    remedied,
    served: reason === null ? undefined : reason || null,
  });
  const named = pattern ? `${pattern.title.toLowerCase()} to ${optionLabel(pattern, remedy.option)}` : '';
  const breakIt = (
    <Button look="danger" className={styles.big} busy={starting} disabled={blocked} onClick={() => void start()}>
      {scenario.invitation}
    </Button>
  );
  const mend = acting && (
    <Button busy={stopping} onClick={() => void stop(acting.id)}>
      {scenario.mend}
    </Button>
  );
  const learn = (
    <Link className={styles.learn} href={`/labs/${scenario.lab}`}>
      Take the lab on it
    </Link>
  );
  return (
    <>
      <div className={styles.said} role="status">
        {phase === 'starting' && <p>{reason ? `Customers are not served yet: ${reason}` : 'The shop is starting…'}</p>}
        {phase === 'well' && (
          <p>This small online shop runs on your machine, with customers in it. Every number here is measured.</p>
        )}
        {phase === 'broken' && <p>{words.broken}</p>}
        {phase === 'helped' && <p>{pattern?.rolling ? 'Pods with the new setting are starting…' : words.helped}</p>}
        {phase === 'mended' && <p>{words.mended}</p>}
      </div>
      <div className={styles.actions}>
        {(phase === 'well' || phase === 'starting') && (
          <>
            {breakIt}
            {learn}
          </>
        )}
        {phase === 'broken' && (
          <>
            <Button
              look="primary"
              className={styles.big}
              busy={changing}
              disabled={!pattern}
              onClick={() => void change(remedy.option)}
            >
              Set {named}
            </Button>
            {mend}
          </>
        )}
        {phase === 'helped' && (
          <>
            {learn}
            {mend}
          </>
        )}
        {phase === 'mended' && pattern && (
          <>
            <Button className={styles.big} busy={changing} onClick={() => void change(pattern.default)}>
              Take the {pattern.title.toLowerCase()} away
            </Button>
            {breakIt}
          </>
        )}
        <Link href="/play">Free play</Link>
      </div>
      {blocked && !acting && (
        <p className={styles.note}>All faults were stopped: release that above, and begin again.</p>
      )}
      <ShopFigures />
    </>
  );
}
