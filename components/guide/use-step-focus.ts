import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { LabRun } from '../../server/contract/lab.ts';
import { useIsKnown } from '../state/use-system.ts';

/**
 * The heading of a step that appears takes the focus: what was clicked for it is gone by then. A page that opens with
 * a step leaves the focus where it is.
 */
export function useStepFocus(run: LabRun | null): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const known = useIsKnown();
  const place = known ? (run ? `${run.startedAt} ${run.step}` : 'before the start') : null;
  const shown = useRef<string | null>(null);
  useEffect(() => {
    const moved = shown.current !== null && shown.current !== place;
    shown.current = place;
    if (moved) heading.current?.focus();
  }, [place]);
  return heading;
}
