const units = { ms: 0.001, s: 1, m: 60, h: 3600 } as const;
const parts = /(\d+(?:\.\d+)?)(ms|s|m|h)/g;

/** Seconds of a duration as Kubernetes writes them: `60s`, `1m30s`, `500ms`; null when it is none. */
export function secondsOf(duration: string): number | null {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(duration)) return null;
  return [...duration.matchAll(parts)].reduce((sum, [, count, unit]) => {
    return sum + Number(count) * units[unit as keyof typeof units];
  }, 0);
}

export function durationOf(seconds: number): string {
  return `${seconds}s`;
}
