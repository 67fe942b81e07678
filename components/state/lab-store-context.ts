'use client';
import { createContext, createElement, use, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { LabStore } from './lab-store.ts';
import { liveSource } from './live-source.ts';

const Context = createContext<LabStore | null>(null);

/** The live system for all of the page within. */
export function LiveSystem({ children }: { children: ReactNode }) {
  const [store] = useState(() => new LabStore(liveSource()));
  useEffect(() => store.open(), [store]);
  return createElement(Context, { value: store }, children);
}

/** Another system than the one around for this part of the page, as a moment of its past. */
export const SystemShown = Context.Provider;

/** The store of the system that this part of the page shows. */
export function useLabStore(): LabStore {
  const store = use(Context);
  if (!store)
    throw new Error('A component that shows the system was rendered outside one. Put it inside <LiveSystem>.');
  return store;
}
