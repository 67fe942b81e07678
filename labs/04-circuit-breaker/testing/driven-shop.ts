import type { ActiveFault, FaultRequest } from '../../../server/contract/faults.ts';
import type { Pattern } from '../../../server/contract/patterns.ts';
import type { BreakerState } from '../../../server/contract/topology.ts';
import { Telemetry } from '../../../server/telemetry/telemetry.ts';
import { aSpan } from '../../../server/telemetry/testing/span-fixture.ts';
import type { DrivenSystem } from '../../../server/session/testing/driven-system.ts';

const START = 1_800_000_000_000;
const EDGE = 'payments>bank';
const OPTIONS: Record<string, string[]> = {
  timeout: ['none', '3s', '500ms'],
  'circuit-breaker': ['off', 'library'],
  'breaker-threshold': ['50', '10', '1'],
};

/** The shop with its bank slow or well, and a breaker. How it really behaves is for the journeys in the browser to show. */
export class DrivenShop implements DrivenSystem {
  now = START;
  telemetry = new Telemetry({ clock: () => this.now });
  readonly calls: string[] = [];
  #selected: Record<string, string> = Object.fromEntries(
    Object.entries(OPTIONS).map(([id, options]) => [id, options[0]!]),
  );
  #faults: ActiveFault[] = [];
  #rate = 60;
  #state: BreakerState = 'closed';
  /** Lists still to say that a rolling update is under way. */
  rollingFor = 0;

  readonly faults = {
    blocked: false,
    list: () => this.#faults,
    start: async (request: FaultRequest) => {
      this.calls.push(`start ${request.kind}`);
      this.#faults = [...this.#faults, { ...this.#lease(request) }];
    },
    stop: async (id: string) => {
      this.calls.push(`stop ${id}`);
      this.#faults = this.#faults.map((fault) =>
        fault.id === id ? { ...fault, state: 'ended', endedBy: 'stop' } : fault,
      );
    },
    release: async () => {
      this.calls.push('release');
      this.faults.blocked = false;
    },
  };

  readonly patterns = {
    list: (): Pattern[] => {
      const rolling = this.rollingFor-- > 0;
      return Object.entries(OPTIONS).map(([id, options]) => ({
        id,
        title: id,
        place: '',
        summary: '',
        cost: '',
        whenNot: '',
        options: options.map((option) => ({ id: option, label: option, summary: '' })),
        selected: this.#selected[id]!,
        rolling,
        lastSwitchMs: null,
      }));
    },
    select: async (pattern: string, option: string) => {
      this.calls.push(`${pattern}=${option}`);
      this.#selected = { ...this.#selected, [pattern]: option };
    },
    selectAll: async (selections: Record<string, string>) => {
      for (const [id, options] of Object.entries(OPTIONS)) {
        const option = selections[id] ?? options[0]!;
        if (option !== this.#selected[id]) await this.patterns.select(id, option);
      }
    },
  };

  readonly load = {
    view: () => ({ rate: this.#rate, max: 500, sent: this.#rate, dropped: 0 }),
    set: async (rate: number) => {
      this.calls.push(`load=${rate}`);
      this.#rate = rate;
    },
    keep: (rate: number) => void (this.#rate = rate),
  };

  readonly ledger = { current: () => null };

  /** As another process meets it: the shop runs on, what was measured is gone. */
  restartServer(): void {
    this.telemetry = new Telemetry({ clock: () => this.now });
  }

  /** Faults end and the load is what generators start with; patterns are in git. */
  restartProduct(): void {
    this.restartServer();
    this.#faults = [];
    this.#rate = 50;
  }

  /** A quarter of a second of traffic. */
  advance(): void {
    this.now += 250;
    const slow = this.#faults.some((fault) => fault.state === 'active');
    const breaker = this.#selected['circuit-breaker'] === 'library';
    const timeout = this.#selected['timeout'] === '500ms';
    this.#moveBreaker(breaker, slow);
    const cascade = slow && !timeout;
    const rejected = this.#state === 'open';
    const spans = [];
    for (let i = 0; i < Math.round(this.#rate / 4); i++) {
      const isOrder = i % 3 === 0;
      const doomed = isOrder && (rejected || (slow && i % 5 < 3));
      const wait = cascade ? 4000 : doomed && !rejected ? 500 : 30;
      const failed = doomed && (rejected || timeout);
      const customer = { 'breakwater.customer': true, 'server.address': 'gateway' };
      const order = { ...customer, 'http.request.method': 'POST', 'url.template': '/api/orders' };
      const browse = { ...customer, 'http.request.method': 'GET', 'url.template': '/api/products' };
      const end = this.now - 1;
      const attributes = isOrder ? order : browse;
      spans.push(aSpan({ service: 'loadgen', kind: 'client', end, start: end - wait, failed, attributes }));
      if (!isOrder) {
        const start = end - (cascade ? 3900 : 12);
        spans.push(aSpan({ kind: 'client', end, start, attributes: { 'server.address': 'catalog' } }));
      }
    }
    this.telemetry.ingestTraces(spans);
    this.#report('loadgen.rate', this.#rate, 'loadgen', {});
    this.#report('http.server.active_requests', cascade ? 32 : slow && !rejected ? 7 : 1, 'orders', {});
  }

  seconds(seconds: number, each: () => void = () => undefined): void {
    for (let i = 0; i < seconds * 4; i++) {
      this.advance();
      each();
    }
  }

  /** Opens after a second of failures, is half-open after three, and closes when the bank is well. */
  #moveBreaker(on: boolean, slow: boolean): void {
    const name = { 'circuit-breaker': EDGE };
    if (!on) return;
    const nervous = this.#selected['breaker-threshold'] === '1';
    const second = Math.floor(this.now / 1000) % 4;
    if (this.#state === 'closed' && (slow || (nervous && second === 0))) this.#enter('open');
    else if (this.#state === 'open' && second === 3) this.#enter('half-open');
    else if (this.#state === 'half-open') this.#enter(slow ? 'open' : 'closed');
    const value = { closed: 0, 'half-open': 1, open: 2 }[this.#state];
    this.#report('circuit_breaker.state', value, 'payments', { 'circuit_breaker.name': name['circuit-breaker'] });
  }

  #enter(state: BreakerState): void {
    this.#state = state;
    const attributes = { 'circuit_breaker.name': EDGE, 'circuit_breaker.to': state };
    const change = { name: 'circuit_breaker.transition', kind: 'internal', service: 'payments' } as const;
    this.telemetry.ingestTraces([aSpan({ ...change, start: this.now, end: this.now, attributes })]);
  }

  #report(name: string, value: number, service: string, attributes: Record<string, string>): void {
    this.telemetry.ingestMetrics([
      { name, value, service, pod: `${service}-1`, attributes, since: START, at: this.now },
    ]);
  }

  #lease({ kind, target, share = '100%', parameters = {}, duration = 60 }: FaultRequest): ActiveFault {
    return {
      id: `${kind}-${this.calls.length}`,
      kind,
      title: kind,
      target,
      share,
      parameters,
      startedAt: this.now,
      endsAt: this.now + duration * 1000,
      state: 'active',
      endedBy: null,
      reason: null,
      evidence: { delayed: 0, failed: 0, dropped: 0, pods: [] },
    };
  }
}
