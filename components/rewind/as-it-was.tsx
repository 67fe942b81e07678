'use client';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { SystemShown, useLabStore } from '../state/lab-store-context.ts';
import { useRewind, useShownMoment } from './use-rewind.ts';

/** This part of the page shows the moment that the bar is at: the same components, from the store of the past. */
export function AsItWas({ children }: { children: ReactNode }) {
  const live = useLabStore();
  const { past } = useRewind();
  const rewound = useShownMoment() !== null;
  // Kept while the past is shown, or the way back would begin with an empty drawing.
  useEffect(() => live.show({ members: ['topology', 'faults', 'load', 'ledger', 'lab'] }), [live]);
  return <SystemShown value={rewound ? past : live}>{children}</SystemShown>;
}
