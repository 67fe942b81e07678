'use client';
import { useId, useRef, useState } from 'react';
import type { Load } from '../../server/contract/frame.ts';
import { useCommands } from '../commands/command.ts';
import { attempt, tellPending, useAction } from '../state/action.ts';
import { request } from '../state/api.ts';
import { useSystem } from '../state/use-system.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { count, decimal } from '../ui/quantity.ts';
import styles from './load-control.module.css';

/** Rates offered by one click, as far as the load generator reaches them. */
const PRESETS = [0, 30, 60, 120, 240];

async function setLoad(rate: number): Promise<void> {
  tellPending(await request<Load>('PUT', '/api/load', { rate }));
}

/** How many requests a second the load generator sends, changed live. */
export function LoadControl() {
  const load = useSystem('load');
  const id = useId();
  const form = useRef<HTMLDivElement>(null);
  useCommands([
    { id: 'load', label: 'Load…', group: 'Load', keys: 'r', words: ['rate'], run: () => form.current?.showPopover() },
    ...PRESETS.map((rate) => ({
      id: `load-${rate}`,
      label: rate === 0 ? 'Stop the load' : `Load: ${rate} req/s`,
      group: 'Load',
      words: ['requests per second'],
      when: () => load !== null && rate <= load.max && rate !== load.rate,
      run: () => void attempt(() => setLoad(rate)),
    })),
  ]);
  return (
    <>
      <button
        type="button"
        className={styles.trigger}
        popoverTarget={id}
        aria-label={`Load: ${load ? count(load.rate) : 'unknown'} req/s`}
      >
        Load <b>{load ? `${count(load.rate)} req/s` : '–'}</b> <Icon name="chevron" size={13} />
      </button>
      <div id={id} ref={form} popover="auto" className={styles.popover} role="dialog" aria-label="Load">
        {load && <LoadForm load={load} />}
      </div>
    </>
  );
}

function LoadForm({ load }: { load: Load }) {
  const [draft, setDraft] = useState<number | null>(null);
  const [change, busy] = useAction(async (rate: number) => {
    await setLoad(rate);
    setDraft(null);
  });
  const shown = draft ?? load.rate;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void change(shown);
      }}
    >
      <label>
        <span>
          Requests per second: <b>{count(shown)}</b>
        </span>
        <input
          type="range"
          min={0}
          max={load.max}
          step={5}
          value={shown}
          onChange={(event) => setDraft(event.target.valueAsNumber)}
          onPointerUp={() => draft !== null && void change(draft)}
          onKeyUp={() => draft !== null && void change(draft)}
        />
      </label>
      <div className={styles.presets}>
        {PRESETS.filter((rate) => rate <= load.max).map((rate) => (
          <Button key={rate} disabled={busy} onClick={() => void change(rate)}>
            {rate === 0 ? 'Stop' : rate}
          </Button>
        ))}
      </div>
      <small>
        {decimal(load.sent)} sent in the last second
        {load.dropped > 0 && `, ${decimal(load.dropped)} given up because too many were open`}
      </small>
    </form>
  );
}
