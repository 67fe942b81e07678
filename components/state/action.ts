import { useState } from 'react';
import { showToast } from '../ui/toasts.ts';
import { ApiError } from './api.ts';

/** Runs something the learner asked for; a refusal becomes a toast with what to do. Answers undefined then. */
export async function attempt<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    showToast({ tone: 'bad', title: error.message, detail: error.action, code: error.code });
    return undefined;
  }
}

/**
 * Tells of what was accepted but cannot act yet, by the `pending` of the answer, or could not be tried out before, by its `untried`; and
 * passes the answer on.
 */
export function tellPending<T extends { pending?: string | undefined; untried?: string | undefined }>(answer: T): T {
  if (answer.pending)
    showToast({ tone: 'ok', title: 'Kept, and applied as soon as it can be', detail: answer.pending });
  else if (answer.untried) showToast({ tone: 'ok', title: 'Committed without a full dry run', detail: answer.untried });
  return answer;
}

/** The same as a hook: `busy` from the click until the answer. */
export function useAction<Arguments extends unknown[], T>(
  task: (...values: Arguments) => Promise<T>,
): [run: (...values: Arguments) => Promise<T | undefined>, busy: boolean] {
  const [running, setRunning] = useState(0);
  const run = async (...values: Arguments) => {
    setRunning((count) => count + 1);
    try {
      return await attempt(() => task(...values));
    } finally {
      setRunning((count) => count - 1);
    }
  };
  return [run, running > 0];
}
