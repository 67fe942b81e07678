import { useEffect, useRef, useState } from 'react';
import { attempt } from './action.ts';
import { whenLive } from './connection.ts';
import type { Connection } from './connection.ts';
import { useLabStore } from './lab-store-context.ts';
import { whenVisible } from './visible.ts';

/**
 * What `read` answers, read again every `every` ms as long as it is shown; null until the first answer. While `paused`
 * each new `read` is read until it is answered and then kept. While there is no connection it waits: the page says so
 * already; and while the page's tab is hidden nobody would see it.
 */
export function useRefreshed<T>(read: () => Promise<T>, every: number, paused = false): T | null {
  const { connection } = useLabStore();
  const [value, setValue] = useState<T | null>(null);
  const answered = useRef<unknown>(null);
  useEffect(() => {
    if (paused && answered.current === read) return;
    const readForSomebody = () => whenVisible(document).then(read);
    return keepReading(connection, readForSomebody, every, (answer) => {
      setValue(answer);
      answered.current = read;
      return !paused;
    });
  }, [connection, read, every, paused]);
  return value;
}

/** Reads every `every` ms until an answer's `show` says that no more is wanted. Returns how to stop. */
export function keepReading<T>(
  connection: Connection,
  read: () => Promise<T>,
  every: number,
  show: (answer: T) => boolean,
): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = async () => {
    await whenLive(connection);
    if (stopped) return;
    const answer = await attempt(read);
    if (stopped) return;
    if (answer === undefined || show(answer)) timer = setTimeout(() => void again(), every);
  };
  void again();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
