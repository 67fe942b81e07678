'use client';
import { useCommands } from '../commands/command.ts';
import { readHistory } from '../state/rewind.ts';
import { useRefreshed } from '../state/use-refreshed.ts';
import { useServerSecond } from '../state/use-server-second.ts';
import { useStore } from '../state/use-store.ts';
import { useSystem } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { clock, clockSeconds } from '../ui/quantity.ts';
import { BarMarks } from './bar-marks.tsx';
import { barMarks, faultSpans, nextMark } from './timeline.ts';
import { useRewind } from './use-rewind.ts';
import styles from './rewind.module.css';

/** How often the page asks how far back the server can go, ms: it changes at a restart, else by the clock alone. */
const EVERY = 30_000;

/** The last 15 minutes as a slider with marks: where it stands is what topology and ledger show; its right end is live. */
export function RewindBar() {
  const rewind = useRewind();
  const at = useStore(rewind.at, (moment) => moment);
  const history = useRefreshed(readHistory, EVERY);
  const marks = useSystem('marks') ?? [];
  const to = useServerSecond() * 1000;
  const from = Math.min(to, Math.max(history?.from ?? to, to - (history?.maxSeconds ?? 0) * 1000));
  const range = { from, to };
  const drawn = barMarks(marks, range);
  const before = nextMark(drawn, at ?? to, 'back');
  const after = at === null ? undefined : nextMark(drawn, at, 'on');
  const here = at === null ? undefined : drawn.find((mark) => Math.abs(mark.at - at) < 1000);
  const go = (moment: number) => (moment >= to ? rewind.live() : rewind.go(Math.max(from, moment)));
  useCommands([
    {
      ...{ id: 'live', label: 'Back to live', group: 'Topology', keys: 'l', words: ['rewind past now'] },
      when: () => rewind.at.get() !== null,
      run: () => rewind.live(),
    },
    {
      ...{ id: 'mark-before', label: 'Rewind to the mark before', group: 'Topology', keys: ',' },
      when: () => before !== undefined,
      run: () => before && go(before.at),
    },
    {
      ...{ id: 'mark-after', label: 'On to the mark after', group: 'Topology', keys: '.' },
      when: () => after !== undefined,
      run: () => after && go(after.at),
    },
  ]);

  return (
    <section className={styles.bar} aria-label="Rewind" data-past={at !== null}>
      <Button className={styles.live} aria-keyshortcuts="L" aria-disabled={at === null} onClick={() => rewind.live()}>
        {at === null ? (
          <>
            <i aria-hidden="true" /> Live
          </>
        ) : (
          <>
            Back to live <kbd>L</kbd>
          </>
        )}
      </Button>
      <MarkButton direction="before" to={before?.at} label={before?.label} go={go} />
      <MarkButton direction="after" to={after?.at} label={after?.label} go={go} />
      <span className={styles.end}>{history ? clock(from) : '–'}</span>
      <div className={styles.track}>
        <BarMarks marks={drawn} spans={faultSpans(marks, range)} range={range} />
        <input
          type="range"
          aria-label="Moment shown"
          aria-valuetext={at === null ? 'Live' : [clockSeconds(at), here?.label].filter(Boolean).join(', ')}
          min={Math.floor(from / 1000)}
          max={Math.floor(to / 1000)}
          value={Math.floor((at ?? to) / 1000)}
          disabled={!history}
          onChange={({ target }) => go(target.valueAsNumber * 1000)}
        />
      </div>
      <span className={styles.end}>{history ? clockSeconds(to) : '–'}</span>
      <span className={styles.words}>{at === null ? 'Drag to rewind' : here ? here.label : clockSeconds(at)}</span>
    </section>
  );
}

interface MarkButtonProps {
  direction: 'before' | 'after';
  to: number | undefined;
  label: string | undefined;
  go: (moment: number) => void;
}

/** To a mark of the bar, by its name. It stays where it is without one, so that who is on it is not thrown off. */
function MarkButton({ direction, to, label, go }: MarkButtonProps) {
  const name = to === undefined ? `No mark ${direction}` : `Mark ${direction}: ${label}, ${clockSeconds(to)}`;
  return (
    <Button
      className={styles.step}
      look="quiet"
      aria-label={name}
      title={name}
      aria-disabled={to === undefined}
      onClick={() => to !== undefined && go(to)}
    >
      <Icon name={direction === 'before' ? 'markBefore' : 'markAfter'} />
    </Button>
  );
}
