'use client';
import type { ReactNode } from 'react';
import { useRun } from './lab-context.tsx';

interface AfterProps {
  /** The step's prediction is locked. */
  predict?: string;
  /** Id of a check that is met. */
  check?: string;
  /** Id of a question that is answered. */
  answer?: string;
  children: ReactNode;
}

/** What would give an answer away, once it cannot any more. */
export function After({ predict, check, answer, children }: AfterProps) {
  const { prediction, checks, questions } = useRun();
  const open =
    (predict === undefined || prediction === null || prediction.chosen !== null || prediction.closed) &&
    (check === undefined || checks.some(({ id, state }) => id === check && state === 'met')) &&
    (answer === undefined || questions.some(({ id, tried }) => id === answer && tried?.right));
  return open ? children : null;
}
