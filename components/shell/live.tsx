'use client';
import { useEffect } from 'react';
import { adoptTheme } from '../state/theme.ts';
import { openStream } from '../state/stream.ts';
import { Toaster } from '../ui/toaster.tsx';
import { FrameMarker } from './frame-marker.tsx';

/** What every page needs running: the stream, messages, the theme, and the mark of the last drawn frame. */
export function Live() {
  useEffect(() => {
    adoptTheme();
    return openStream();
  }, []);
  return (
    <>
      <FrameMarker />
      <Toaster />
    </>
  );
}
