/** The dots on one edge. Pure: the canvas only draws what is here. */

export interface Flow {
  /** Calls per second. */
  rate: number;
  /** 0 to 1. */
  errorRatio: number | null;
  /** Milliseconds; null without traffic. */
  p50: number | null;
}

export interface Particle {
  /** 0 at the caller, 1 at the callee. */
  at: number;
  failed: boolean;
}

export interface Stream {
  particles: Particle[];
  /** Share of the next dot that is already due, 0 to 1. */
  due: number;
}

/** One dot stands for more calls the busier the edge is, so that a hundred times the rate stays readable. */
export function dotsPerSecond(rate: number): number {
  return rate <= 0 ? 0 : Math.min(7, 0.35 * Math.sqrt(rate) + 0.1);
}

/** Seconds a dot takes: from 0.7 s for a call of a few ms to 6 s for one of several seconds, by its logarithm. */
export function crossingTime(p50: number | null): number {
  const latency = Math.max(1, p50 ?? 1);
  return Math.min(6, 0.7 + Math.max(0, Math.log10(latency / 5)) * 1.5);
}

/** Moves the dots on by `elapsed` seconds, takes off those that arrived and lets new ones start. */
export function advance(stream: Stream, flow: Flow, elapsed: number, random: () => number = Math.random): void {
  const step = elapsed / crossingTime(flow.p50);
  for (const particle of stream.particles) particle.at += step;
  stream.particles = stream.particles.filter(({ at }) => at <= 1);
  stream.due += dotsPerSecond(flow.rate) * elapsed;
  while (stream.due >= 1) {
    stream.due -= 1;
    stream.particles.push({ at: 0, failed: random() < (flow.errorRatio ?? 0) });
  }
}

/** Without motion: dots stand at even distances, as many as would be under way, the failed ones first. */
export function still(flow: Flow): Particle[] {
  const count = Math.round(Math.min(8, dotsPerSecond(flow.rate) * crossingTime(flow.p50)));
  const failed = Math.ceil(count * (flow.errorRatio ?? 0));
  return Array.from({ length: count }, (_, i) => ({ at: (i + 0.5) / count, failed: i < failed }));
}
