'use client';
import { usePathname } from 'next/navigation';
import { useSyncExternalStore } from 'react';
import { Guide } from './guide.tsx';
import { LabName } from './lab-name.tsx';

/**
 * The id of the lab that the address names; null until the page that was built ahead, for no lab in particular, has come to life.
 */
function useLabInAddress(): string | null {
  const path = usePathname();
  return useSyncExternalStore(
    neverChanges,
    () => path.split('/')[2] ?? null,
    () => null,
  );
}

const neverChanges = () => () => {};

/** `Guide` of a lab that has no page of its own: one that is being written. */
export function UnshippedGuide() {
  const lab = useLabInAddress();
  return lab === null ? null : <Guide lab={lab} />;
}

/** `LabName` of it. */
export function UnshippedLabName() {
  const id = useLabInAddress();
  return id === null ? null : <LabName id={id} />;
}
