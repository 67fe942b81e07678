'use client';
import type { LabRun } from '../../server/contract/lab.ts';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { announcement } from './announcement.ts';

/** Says a check's tick once, for those who do not see it. There before the run is: a reader only hears what changes. */
export function GuideAnnouncer({ run }: { run: LabRun | null }) {
  return (
    <VisuallyHidden role="status" aria-label="Progress">
      {run ? announcement(run) : ''}
    </VisuallyHidden>
  );
}
