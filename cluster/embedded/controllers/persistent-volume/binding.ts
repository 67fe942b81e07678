import { selectorMatches } from '../../kinds/label-selector.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../kinds/types.ts';
import { wholeValue } from '../../quantity.ts';

/** Whether a volume is meant for this very claim; one that was made beforehand does not know its uid yet. */
export function isFor({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const { name, namespace, uid } = spec?.claimRef ?? {};
  return name === metadata.name && namespace === metadata.namespace && (!uid || uid === metadata.uid);
}

/** The volume that a claim gets: one that is meant for it, else of those that are free and suit it the smallest. */
export function volumeFor(claim: PersistentVolumeClaim, volumes: PersistentVolume[]): PersistentVolume | undefined {
  const present = volumes.filter(({ metadata }) => !metadata.deletionTimestamp);
  return (
    present.find((volume) => isFor(volume, claim)) ??
    present
      .filter((volume) => !volume.spec?.claimRef && suits(volume, claim))
      .sort((a, b) => sizeOf(a) - sizeOf(b) || (a.metadata.name < b.metadata.name ? -1 : 1))[0]
  );
}

function suits(volume: PersistentVolume, { spec }: PersistentVolumeClaim): boolean {
  const { storageClassName = '', volumeMode, accessModes = [] } = volume.spec ?? {};
  return (
    storageClassName === (spec?.storageClassName ?? '') &&
    volumeMode === spec?.volumeMode &&
    (spec?.accessModes ?? []).every((mode) => accessModes.includes(mode)) &&
    sizeOf(volume) >= wholeValue(spec?.resources?.requests?.storage ?? '0') &&
    (!spec?.selector || selectorMatches(spec.selector, volume.metadata.labels ?? {}))
  );
}

function sizeOf({ spec }: PersistentVolume): number {
  return wholeValue(spec?.capacity?.storage ?? '0');
}
