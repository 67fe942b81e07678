import type { Trace } from '../../server/contract/traces.ts';
import { attempt } from '../state/action.ts';
import { ApiError } from '../state/api.ts';
import { whenLive } from '../state/connection.ts';
import type { Connection } from '../state/connection.ts';

/** A trace is read again this often, in ms ... */
const EVERY = 1000;
/** ... until so many readings in a row brought no new span. Services report on their own, and a call may take seconds. */
const QUIET = 5;

/**
 * Shows a trace, and again whenever it has more spans, until it has settled; `gone` when the server keeps it no more.
 * Returns how to stop.
 */
export function followTrace(
  connection: Connection,
  read: () => Promise<Trace>,
  show: (trace: Trace | 'gone') => void,
): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let spans = 0;
  let quiet = 0;

  const turn = async () => {
    await whenLive(connection);
    if (stopped) return;
    const trace = await attempt(() => read().catch(goneOrThrow));
    if (stopped) return;
    if (trace === 'gone') {
      if (spans === 0) show('gone');
      return;
    }
    const more = trace !== undefined && trace.spans > spans;
    quiet = more ? 0 : quiet + 1;
    if (more) {
      spans = trace.spans;
      show(trace);
    }
    if (quiet < QUIET) timer = setTimeout(() => void turn(), EVERY);
  };
  void turn();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

function goneOrThrow(error: unknown): 'gone' {
  if (error instanceof ApiError && error.code === 'unknown-trace') return 'gone';
  throw error;
}
