import { useState } from 'react';

/**
 * A choice that shows at once and holds until the system's state agrees: the server answers, and the frame that says
 * so comes a moment later. A refusal takes it back.
 */
export function useWanted(
  actual: string,
  change: (wanted: string) => Promise<unknown>,
): [shown: string, choose: (wanted: string) => void] {
  const [wanted, setWanted] = useState<{ value: string; instead: string } | null>(null);
  if (wanted && actual !== wanted.instead) setWanted(null);
  const choose = (value: string) => {
    setWanted({ value, instead: actual });
    void change(value).then((answer) => {
      if (answer === undefined) setWanted(null);
    });
  };
  return [wanted?.value ?? actual, choose];
}
