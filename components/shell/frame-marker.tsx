'use client';
import { useEffect } from 'react';
import { useSystemTime } from '../state/use-system.ts';

const MARK = 'breakwater:frame';

/**
 * Writes down when a frame is on the screen: `data-frame` of the root element holds the server's time of the last
 * one painted, and a performance mark carries it. A benchmark measures "state to pixel" by them.
 */
export function FrameMarker() {
  const time = useSystemTime();
  useEffect(() => {
    if (time === null) return;
    // The first callback runs before the paint of this state, the message after it.
    const request = requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        performance.clearMarks(MARK);
        performance.mark(MARK, { detail: time });
        document.documentElement.dataset.frame = String(time);
        port1.close();
      };
      port2.postMessage(null);
    });
    return () => cancelAnimationFrame(request);
  }, [time]);
  return null;
}
