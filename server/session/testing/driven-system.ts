import type { LabSystem } from '../lab-system.ts';

/**
 * What a lab's tests run on: real telemetry on a clock that the test turns, fed with the spans and metrics that the settings
 * of the lab's system would bring about. Each lab brings one, as `DrivenShop` in `labs/<id>/testing/driven-shop.ts`.
 */
export interface DrivenSystem extends LabSystem {
  readonly now: number;
  /** A quarter of a second passes. */
  advance(): void;
  /** So many seconds pass; `each` is called every quarter of one. */
  seconds(seconds: number, each?: () => void): void;
}
