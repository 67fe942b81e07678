import { secondsOf } from '../../../faults/duration.ts';
import { Evidence } from '../../../faults/evidence.ts';
import type { Carrier, FaultType } from '../../../faults/fault-type.ts';
import type { Fault, Pod } from '../../kinds/types.ts';

export interface Clock {
  /** Monotonic, in ms: leases go by it. */
  lease(): number;
  /** Unix time in ms: what people read. */
  wall(): number;
}

export const systemClock: Clock = { lease: () => performance.now(), wall: Date.now };

/** A fault that has begun, as this process holds it. All of it can be had anew from the object after a restart. */
export class FaultRun {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly type: FaultType;
  /** The drivers that carry it out, by name, and what each is to do, in its own form. */
  readonly parts: { name: string; what: unknown }[];
  readonly evidence: Evidence;
  readonly startedAt: number;
  readonly endsAt: number;
  /** Uids of the pods it is to hit. */
  chosen = new Set<string>();
  /** Someone wants it gone, or its lease is over: it is not carried out any more, even while its end fails. */
  stopping = false;
  /** Its end that is under way. */
  ending: Promise<number | void> | null = null;
  readonly #clock: Clock;
  readonly #leaseEnd: number;

  /**
   * One that had begun before a restart goes on for what was left of it, by what the same machine wrote then, and never for
   * longer than it was to be: who carries it out still keeps the lease it has.
   */
  constructor(fault: Fault, type: FaultType, carrier: Carrier, clock: Clock) {
    const { metadata, spec, status } = fault;
    this.id = metadata.uid!;
    this.name = metadata.name;
    this.namespace = metadata.namespace!;
    this.type = type;
    this.parts = [carrier, carrier.along].flatMap((each) =>
      each ? [{ name: each.driver, what: each.order(spec.parameters) }] : [],
    );
    this.evidence = new Evidence(status);
    this.#clock = clock;
    const wholeMs = (secondsOf(spec.duration) ?? 0) * 1000;
    const now = clock.wall();
    const leftMs = status?.endsAt ? Math.min(wholeMs, Math.max(0, Date.parse(status.endsAt) - now)) : wholeMs;
    this.#leaseEnd = clock.lease() + leftMs;
    this.endsAt = now + leftMs;
    this.startedAt = status?.startedAt ? Date.parse(status.startedAt) : now;
  }

  /** Uids of those among the pods that it hits already, also from before a restart. */
  hitAmong(pods: readonly Pod[]): Set<string> {
    const names = new Set(this.evidence.pods());
    const hit = pods.filter(({ metadata }) => this.chosen.has(metadata.uid!) || names.has(metadata.name));
    return new Set(hit.map(({ metadata }) => metadata.uid!));
  }

  get isMomentary(): boolean {
    return this.type.duration.max === 0;
  }

  /** In ms; 0 once the lease is over. */
  get remainingMs(): number {
    return Math.max(0, this.#leaseEnd - this.#clock.lease());
  }
}
