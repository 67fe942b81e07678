'use client';
import { createContext, use } from 'react';
import type { ReactNode } from 'react';
import type { LabRun } from '../../server/contract/lab.ts';

const Running = createContext<LabRun | null>(null);

/** Gives the guide's components the run they belong to. */
export function LabContext({ run, children }: { run: LabRun; children: ReactNode }) {
  return <Running value={run}>{children}</Running>;
}

/** The run the guide is part of. A guide is rendered only within one. */
export function useRun(): LabRun {
  const run = use(Running);
  if (!run) throw new Error('A component of a guide was rendered outside a lab. Put it inside <LabContext>.');
  return run;
}
