'use client';
import { createContext, use } from 'react';
import type { ReactNode } from 'react';
import type { LabRun } from '../../server/contract/lab.ts';

const Running = createContext<LabRun | null>(null);
const Shown = createContext('');

/** Gives the guide's components the run they belong to. */
export function LabContext({ run, children }: { run: LabRun; children: ReactNode }) {
  return <Running value={run}>{children}</Running>;
}

/** Gives a step's components the id of the step they stand in. */
export function StepContext({ step, children }: { step: string; children: ReactNode }) {
  return <Shown value={step}>{children}</Shown>;
}

/** The run the guide is part of. A guide is rendered only within one. */
export function useRun(): LabRun {
  const run = use(Running);
  if (!run) throw new Error('A component of a guide was rendered outside a lab. Put it inside <LabContext>.');
  return run;
}

/** Id of the step a component stands in. */
export function useStepId(): string {
  return use(Shown);
}
