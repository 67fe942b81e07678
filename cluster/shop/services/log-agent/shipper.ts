import { setTimeout as delay } from 'node:timers/promises';
import { LineBuffer, type DropPolicy } from './line-buffer.ts';
import { logsRequest } from './otlp-logs.ts';
import { PostError } from './otlp-post.ts';
import type { Source, SourceLine } from './source.ts';

/** How many lines go out in one request. */
const batch = 500;
/** The sink is tried again after 100 ms, 200 ms ... this. */
const longestPauseMs = 2_000;
/** No request takes longer, whatever the sink does. */
const requestMs = 60_000;

export interface Delivery {
  mode: 'synchronous' | 'buffered';
  /** Synchronous: a line that the sink has not taken by then is given up, in ms. */
  giveUpMs: number;
  /** Buffered: how many lines may wait for the sink. */
  bufferLines: number;
  /** Buffered: which go when there are more. */
  drop: DropPolicy;
}

/** What an agent has done so far, in lines. */
export interface Counts {
  read: number;
  shipped: number;
  dropped: number;
  /** Read, and on its way or waiting. */
  buffered: number;
}

export interface Shipper {
  counts(): Counts;
  /** Resolves when all that the source had when it was closed is shipped or given up. */
  done: Promise<void>;
}

/**
 * Brings lines from a source to a sink, in their order.
 *
 *   synchronous   source ──▶ sink            a line at a time, as the source gives them: it is asked for more when the sink has these
 *   buffered      source ──▶ buffer ──▶ sink  the source never waits; what the sink does not take in time is dropped, and counted
 *
 * @param post sends one request, within so many ms; throws PostError
 * @param onProblem told when the sink stops taking, and when it does so again (null)
 */
export function ship(
  source: Source,
  post: (body: object, timeoutMs: number) => Promise<void>,
  { mode, giveUpMs, bufferLines, drop }: Delivery,
  onProblem: (error: Error | null) => void,
): Shipper {
  let [read, shipped, givenUp, underWay] = [0, 0, 0, 0];
  let wasProblem = false;
  const buffer = new LineBuffer<SourceLine>(bufferLines, drop);
  const ended = new AbortController();

  async function deliver(lines: SourceLine[], withinMs: number): Promise<void> {
    underWay = lines.length;
    const body = logsRequest(lines);
    const end = performance.now() + withinMs;
    for (let pause = 100; ; pause = Math.min(pause * 2, longestPauseMs)) {
      try {
        await post(body, Math.min(requestMs, end - performance.now()));
        shipped += lines.length;
        if (wasProblem) onProblem(null);
        wasProblem = false;
        break;
      } catch (error) {
        if (!wasProblem) onProblem(error as Error);
        wasProblem = true;
        const again = error instanceof PostError && error.isPassing && performance.now() + pause < end;
        if (!again) {
          givenUp += lines.length;
          break;
        }
        await delay(pause);
      }
    }
    underWay = 0;
  }

  async function synchronous(): Promise<void> {
    for (;;) {
      const lines = await source.next(batch);
      if (lines.length === 0) return;
      read += lines.length;
      await deliver(lines, giveUpMs);
      source.settled();
    }
  }

  async function fill(): Promise<void> {
    for (;;) {
      const lines = await source.next(batch);
      if (lines.length === 0) return ended.abort();
      read += lines.length;
      buffer.add(lines);
      source.settled();
    }
  }

  async function drain(): Promise<void> {
    for (;;) {
      const lines = await buffer.take(batch, ended.signal);
      if (lines.length === 0) return;
      await deliver(lines, Infinity);
    }
  }

  return {
    counts: () => ({ read, shipped, dropped: givenUp + buffer.dropped, buffered: buffer.size + underWay }),
    done: mode === 'synchronous' ? synchronous() : Promise.all([fill(), drain()]).then(() => undefined),
  };
}
