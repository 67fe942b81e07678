import type { Frame } from '../../server/contract/frame.ts';
import { noteServerTime } from './clock.ts';
import { share } from './share.ts';
import { mergeSignals } from './signal-buffer.ts';
import type { Signals } from './signal-buffer.ts';
import { createStore } from './store.ts';

/** All of a frame but its signals, which have a store of their own and a slower beat. */
export type SystemView = Omit<Frame, 'signals'>;

/** The last known state of the system; null until the first snapshot. */
export const system = createStore<SystemView | null>(null);

/** Charts redraw at most this often, in ms. */
const SIGNAL_BEAT = 1000;

/** Published once a second, however often frames come. */
export const signals = createStore<Signals>({});

let buffered: Signals = {};
let beat: ReturnType<typeof setTimeout> | null = null;

function publishSignalsSoon() {
  beat ??= setTimeout(() => {
    beat = null;
    signals.set(buffered);
  }, SIGNAL_BEAT);
}

/** A whole frame: replaces all that was known, as after a reconnect. */
export function takeSnapshot({ signals: series, ...rest }: Frame): void {
  noteServerTime(rest.time);
  buffered = mergeSignals({}, series);
  signals.set(buffered);
  system.set(share(system.get(), rest));
}

/** The members that changed. Ignored before the first snapshot, which will hold them too. */
export function takeFrame({ signals: series, ...rest }: Partial<Frame> & { time: number }): void {
  const before = system.get();
  if (!before) return;
  noteServerTime(rest.time);
  if (series) {
    buffered = mergeSignals(buffered, series);
    publishSignalsSoon();
  }
  system.set(share(before, { ...before, ...rest }));
}
