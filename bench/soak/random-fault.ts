import fc from 'fast-check';
import type { FaultKind, FaultRequest } from '../../server/contract/faults.ts';

/** What chance decides of a fault. Which fault that is depends on what the shop has to break at that moment. */
export interface Draw {
  kind: number;
  target: number;
  share: number;
  seconds: number;
  /** From 0 to 1, where between its bounds each parameter lies. */
  parameters: number[];
  /** Before the next one; ms. */
  pauseMs: number;
}

const shares = [undefined, 'one', '50%', '100%'];
const arbitrary: fc.Arbitrary<Draw> = fc.noBias(
  fc.record({
    kind: fc.nat(),
    target: fc.nat(),
    share: fc.nat(),
    seconds: fc.integer({ min: 1, max: 4 }),
    parameters: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
    pauseMs: fc.integer({ min: 0, max: 1_000 }),
  }),
);

/** The same for the same seed. */
export const draws = (count: number, seed: number): Draw[] => fc.sample(arbitrary, { numRuns: count, seed });

/** A fault out of those that can act now; null when none can. Its numbers lie within the bounds that its type declares. */
export function requestOf(draw: Draw, catalogue: readonly FaultKind[]): FaultRequest | null {
  const able = catalogue.filter(({ reason, targets }) => reason === null && targets.length > 0);
  if (able.length === 0) return null;
  const kind = able[draw.kind % able.length]!;
  const share = shares[draw.share % shares.length];
  return {
    kind: kind.id,
    target: kind.targets[draw.target % kind.targets.length]!,
    duration: Math.min(draw.seconds, kind.duration.max),
    parameters: Object.fromEntries(
      kind.parameters.map(({ name, min, max }, index) => [
        name,
        Math.round(min + (max - min) * draw.parameters[index % 8]!),
      ]),
    ),
    ...(share !== undefined && { share }),
  };
}
