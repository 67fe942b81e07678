import { useEffect, useRef, useState } from 'react';
import { attempt } from './action.ts';
import { whenLive } from './connection.ts';

/**
 * What `read` answers, read again every `every` ms as long as it is shown; null until the first answer. With `every`
 * null each new `read` is read once and then kept. While there is no connection it waits: the page says so already.
 */
export function useRefreshed<T>(read: () => Promise<T>, every: number | null): T | null {
  const [value, setValue] = useState<T | null>(null);
  const answered = useRef<unknown>(null);
  useEffect(() => {
    if (every === null && answered.current === read) return;
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = async () => {
      await whenLive();
      if (!current) return;
      const answer = await attempt(read);
      if (!current) return;
      if (answer !== undefined) {
        setValue(answer);
        answered.current = read;
      }
      if (every !== null) timer = setTimeout(() => void again(), every);
    };
    void again();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [read, every]);
  return value;
}
