/** The same problem again within this time is counted, not written. */
const quietMs = 30_000;

/**
 * Writes what went wrong in the background to standard error, where the log of the process is. What repeats every second,
 * like a cluster that is away, is written once and then at most every half minute.
 */
export function problemLog(write: (line: string) => void = console.error, now: () => number = Date.now) {
  const known = new Map<string, { at: number; times: number }>();
  return (error: unknown): void => {
    const line = describe(error);
    const before = known.get(line);
    if (before && now() - before.at < quietMs) {
      before.times += 1;
      return;
    }
    if (known.size > 100) known.clear();
    known.set(line, { at: now(), times: 0 });
    write(before?.times ? `${line} (${before.times} times more)` : line);
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  const foreseen = typeof code === 'string' || error.cause !== undefined;
  const first = foreseen ? [code, error.message].filter(Boolean).join(': ') : (error.stack ?? error.message);
  const cause = error.cause === undefined ? '' : describe(error.cause);
  const known = error.cause instanceof Error && first.includes(error.cause.message);
  return cause && !known ? `${first} [${cause}]` : first;
}
