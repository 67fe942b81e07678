import { entryReplicas } from './entry-replicas.ts';
import { imagesPinned } from './images-pinned.ts';
import { limitsSet } from './limits-set.ts';
import { notPrivileged } from './not-privileged.ts';
import type { Policy } from './policy.ts';
import { probesPresent } from './probes-present.ts';

/** Every policy there is, in the order in which they are told. */
export const policies: readonly Policy[] = [imagesPinned, limitsSet, probesPresent, entryReplicas, notPrivileged];
