'use client';
import { useServerSecond } from '../state/use-server-second.ts';
import { Icon } from '../ui/icon.tsx';
import { clockSeconds } from '../ui/quantity.ts';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { ago } from './timeline.ts';
import { useShownMoment } from './use-rewind.ts';
import styles from './rewind.module.css';

/** Over the drawing, as long as it shows the past: which moment, and that the rest of the page does not. */
export function PastNotice() {
  const shown = useShownMoment();
  return (
    <>
      <VisuallyHidden role="status" aria-label="Past or live">
        {shown !== null && 'Topology and ledger show the past. All else is live. L leads back to live.'}
      </VisuallyHidden>
      {shown !== null && <Words at={shown} />}
    </>
  );
}

function Words({ at }: { at: number }) {
  const now = useServerSecond();
  return (
    <p className={styles.notice}>
      <Icon name="clock" />
      <span>
        <b>
          As it was at {clockSeconds(at)}, {ago(now - at / 1000)}.
        </b>{' '}
        Charts, lists and controls are live.
      </span>
    </p>
  );
}

/** Where something can be changed: what it acts on, while the drawing shows something else. */
export function ActsOnLive() {
  const shown = useShownMoment();
  if (shown === null) return null;
  return (
    <p className={styles.acts}>
      <Icon name="clock" /> What you change here acts on the live shop, not on {clockSeconds(shown)}.
    </p>
  );
}
