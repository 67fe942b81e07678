import { useEffect, useState } from 'react';
import { attempt } from '../state/action.ts';

/** What `read` answers, read again every `every` ms as long as it is shown; null until the first answer. */
export function useRefreshed<T>(read: () => Promise<T>, every: number): T | null {
  const [value, setValue] = useState<T | null>(null);
  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout>;
    const again = async () => {
      const answer = await attempt(read);
      if (!current) return;
      if (answer !== undefined) setValue(answer);
      timer = setTimeout(again, every);
    };
    void again();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [read, every]);
  return value;
}
