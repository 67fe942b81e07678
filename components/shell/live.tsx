'use client';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { adoptTheme } from '../state/theme.ts';
import { CommandCenter } from '../commands/command-center.tsx';
import { LiveSystem } from '../state/lab-store-context.ts';
import { Toaster } from '../ui/toaster.tsx';
import { FrameMarker } from './frame-marker.tsx';

/** What every page stands in: the live system, its keys and commands, messages, the theme, and the mark of the last drawn frame. */
export function Live({ children }: { children: ReactNode }) {
  useEffect(() => {
    adoptTheme();
  }, []);
  return (
    <LiveSystem>
      {children}
      <CommandCenter />
      <FrameMarker />
      <Toaster />
    </LiveSystem>
  );
}
