import { useEffect, useState } from 'react';
import type { Guide } from '../../server/contract/lab.ts';
import { attempt } from '../state/action.ts';
import { request } from '../state/api.ts';
import { useConnection } from '../state/use-system.ts';

/** While a lab is being written, its text is looked at this often, in ms. */
const LIVE_MS = 1000;

/** The text of a lab; null until it is read. One that is being written follows its files. */
export function useGuide(lab: string): Guide | null {
  const [guide, setGuide] = useState<Guide | null>(null);
  const live = useConnection() === 'live';
  const again = guide?.live ?? false;
  useEffect(() => {
    if (!live) return; // the server may still be starting
    let over = false;
    const read = async () => {
      const next = await attempt(() => request<Guide>('GET', `/api/labs/${encodeURIComponent(lab)}/guide`));
      if (next && !over) setGuide((known) => (known?.version === next.version ? known : next));
    };
    void read();
    const timer = again ? setInterval(() => void read(), LIVE_MS) : undefined;
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [lab, live, again]);
  return guide;
}
