import type { IncomingMessage } from 'node:http';
import type { Reading } from '../evidence.ts';
import { noCounts, type FaultCounts } from '../fault-type.ts';

/** A line is one reading; whoever sends a longer one is not read on. */
const longestLine = 4096;

/**
 * Calls `report` for each line of JSON that an answer brings: `{"counter": "bank-1/9f", "delayed": 3, "failed": 0}`. Resolves
 * when the answer ends, in whatever way: what it meant is for the caller to find out.
 */
export async function followCounts(
  response: IncomingMessage,
  report: (reading: Omit<Reading, 'pods'>) => void,
): Promise<void> {
  let rest = '';
  try {
    for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > longestLine) throw new RangeError(`a line of counts is longer than ${longestLine} characters`);
      for (const line of lines) if (line) report(readingOf(JSON.parse(line)));
    }
  } catch (error) {
    // A pod that was killed breaks its answer off; what else can be wrong is a fault of the service that answers.
    if (error instanceof SyntaxError || error instanceof RangeError) console.error('counts of a fault:', error.message);
  } finally {
    response.destroy();
  }
}

/** Only what a reading has, and only as numbers. */
export function readingOf(said: unknown): Omit<Reading, 'pods'> {
  const { counter, ...counts } = (said ?? {}) as Record<string, unknown>;
  const names = Object.keys(noCounts) as (keyof FaultCounts)[];
  return { counter: String(counter), ...Object.fromEntries(names.map((name) => [name, count(counts[name])])) };
}

function count(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;
}
