import { useEffect, useState } from 'react';
import { attempt } from './action.ts';
import { connection } from './connection.ts';

/**
 * What `read` answers, read again every `every` ms as long as it is shown; null until the first answer. With `every`
 * null it keeps what it has, and while the server is gone it waits: the banner says so already.
 */
export function useRefreshed<T>(read: () => Promise<T>, every: number | null): T | null {
  const [value, setValue] = useState<T | null>(null);
  useEffect(() => {
    if (every === null) return;
    let current = true;
    let timer: ReturnType<typeof setTimeout>;
    const again = async () => {
      const answer = connection.get() === 'lost' ? undefined : await attempt(read);
      if (!current) return;
      if (answer !== undefined) setValue(answer);
      timer = setTimeout(() => void again(), every);
    };
    void again();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [read, every]);
  return value;
}
