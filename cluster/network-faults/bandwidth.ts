import type { Stage, StreamFaultType } from './stream-fault.ts';

/** A narrow pipe for each connection and direction: `kilobytesPerSecond` (of 1000 bytes) and no more, in the order of arrival. */
export const bandwidth: StreamFaultType<{ kilobytesPerSecond: number }> = {
  type: 'bandwidth',
  attributes: { kilobytesPerSecond: { unit: 'kB/s', min: 0.1, max: 100_000 } },
  begin({ kilobytesPerSecond }) {
    const pipe = (): Stage => {
      let freeAt = 0;
      return ({ bytes }, at) => {
        freeAt = Math.max(at, freeAt) + bytes / kilobytesPerSecond;
        return freeAt;
      };
    };
    // What is sent at once arrives bit by bit, a segment of TCP each time.
    return { stages: () => ({ there: pipe(), back: pipe() }), grain: 1460 };
  },
};
