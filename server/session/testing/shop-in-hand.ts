import type { ActiveFault, FaultRequest } from '../../contract/faults.ts';
import type { Ledger } from '../../contract/ledger.ts';
import type { Pattern } from '../../contract/patterns.ts';
import type { BreakerState, QueueView } from '../../contract/topology.ts';
import { CodedError } from '../../errors.ts';
import type { LabSystem } from '../lab-system.ts';

const second = 1000;
const options = (...ids: string[]) => ids.map((id) => ({ id, label: id, summary: id }));

/** p95 in ms per signal while the shop is well. */
export const wellP95: Readonly<Record<string, number>> = {
  ...{ customer: 30, 'customer POST /api/orders': 30, 'gateway>catalog': 8 },
  ...{ payments: 20, orders: 25, gateway: 28 },
};

/** A shop whose figures the test says, on a clock that it turns: for the ways of a run, not for what a lab shows. */
export class ShopInHand implements LabSystem {
  now = 1_800_000_000_000;
  /** p95 in ms per signal, now. */
  p95: Record<string, number> = { ...wellP95 };
  errors: Record<string, number> = {};
  breakerState: BreakerState | null = null;
  accepted = 0;
  paidAfter: number | null = null;
  queues: QueueView[] = [];
  reporting = true;
  #faults: ActiveFault[] = [];
  #rate = 50;
  #selected: Record<string, string> = {};
  readonly #listeners = new Set<(change: { id: string; edge: string; to: BreakerState; at: number }) => void>();

  readonly telemetry: LabSystem['telemetry'] = {
    reportedUntil: () => Math.floor(this.now / second) * second,
    load: () =>
      (this.reporting ? { rate: this.#rate, open: 0, oldestMs: 0, dropped: 0, sent: this.#rate } : null) as never,
    percentiles: (id, from, to) => {
      const p95 = this.p95[id] ?? null;
      const seconds = (to - from) / second;
      const count = p95 === null ? 0 : Math.round(this.#rate * seconds);
      return {
        rejections: 0,
        count,
        errors: Math.round(count * (this.errors[id] ?? 0)),
        p50: p95,
        p95,
        p99: p95,
        inFlight: 1,
        seconds,
      };
    },
    breaker: () => this.breakerState && { state: this.breakerState, openUntil: null, rejectedRate: 0, trips: 0 },
    onBreakerChange: (listener) => {
      this.#listeners.add(listener as never);
      return () => void this.#listeners.delete(listener as never);
    },
    trace: (traceId) => (traceId === 'slow' ? ({ traceId, name: 'GET /api/products', duration: 1500 } as never) : null),
    traces: () => [{ traceId: 'slow', name: 'GET /api/products', duration: 1500 } as never],
    queues: (broker) => (broker === 'rabbitmq' ? this.queues : []),
    edges: () =>
      ['loadgen>gateway', 'gateway>orders', 'gateway>catalog', 'orders>payments', 'payments>bank'].map((id) => {
        const [source, destination] = id.split('>') as [string, string];
        return { id, source, destination, retryRate: 0 } as never;
      }),
  };
  readonly faults = {
    blocked: false,
    list: () => this.#faults,
    start: async ({ kind, target, parameters = {}, duration = 60 }: FaultRequest) => {
      const evidence = { delayed: 0, failed: 0, dropped: 0, killed: 0, sent: 0, pods: [], changes: [] };
      const times = { startedAt: this.now, endsAt: this.now + duration * second };
      const id = `${kind}-${this.now}-${this.#faults.length}`;
      this.#faults = [
        ...this.#faults,
        {
          id,
          kind,
          title: kind,
          target,
          parameters,
          ...times,
          state: 'active',
          endedBy: null,
          evidence,
          share: '100%',
          reason: null,
        },
      ];
    },
    stop: async (id: string) => void (this.#faults = this.#faults.filter((fault) => fault.id !== id)),
    release: async () => void (this.faults.blocked = false),
  };
  readonly patterns = {
    list: (): Pattern[] =>
      [
        { id: 'timeout', options: options('none', '500ms') },
        { id: 'circuit-breaker', options: options('off', 'library') },
        { id: 'breaker-threshold', options: options('50', '1') },
      ].map((pattern) => ({
        ...{ ...pattern, title: pattern.id, place: '', summary: '', cost: '', whenNot: '', number: null },
        ...{ default: pattern.options[0]!.id, idleWithout: [], rolling: false, lastSwitchMs: null },
        selected: this.#selected[pattern.id] ?? pattern.options[0]!.id,
      })),
    selectAll: async (selections: Record<string, string>) => void (this.#selected = { ...selections }),
  };
  readonly load = {
    view: () => ({ rate: this.#rate, max: 500, sent: this.#rate, dropped: 0 }),
    set: async (rate: number) => {
      if (rate > 500) throw new CodedError('out-of-range', 'too much');
      this.#rate = rate;
    },
    keep: (rate: number) => void (this.#rate = rate),
  };
  readonly ledger = {
    paidAfter: () => this.paidAfter,
    total: (): Ledger => ({
      ...{ since: 0, countedAt: this.now, accepted: this.accepted, failed: 0, chargedOnce: this.accepted },
      ...{ chargedTwice: 0, acceptedNeverCharged: 0, chargedNeverAccepted: 0, inDoubt: 0, oversold: 0 },
      ...{ toBePaid: 0, refunded: 0, mailsTwice: 0 },
    }),
  };

  select(pattern: string, option: string): void {
    this.#selected = { ...this.#selected, [pattern]: option };
  }

  breaker(to: BreakerState): void {
    this.breakerState = to;
    for (const listener of this.#listeners)
      listener({ id: `${to}${this.now}`, edge: 'payments>bank', to, at: this.now });
  }

  /** So many seconds pass; `each` is called every quarter of one. */
  seconds(seconds: number, each: () => void): void {
    for (let i = 0; i < seconds * 4; i++) {
      this.now += 250;
      each();
    }
  }
}
