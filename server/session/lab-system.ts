import type { Load } from '../contract/frame.ts';
import type { ActiveFault, FaultRequest } from '../contract/faults.ts';
import type { Ledger } from '../contract/ledger.ts';
import type { Pattern } from '../contract/patterns.ts';
import type { ScopeTelemetry } from '../telemetry/scope-telemetry.ts';

/** What a lab sees of the system and may do to it. `System` of server/system.ts fits. */
export interface LabSystem {
  readonly telemetry: Pick<
    ScopeTelemetry,
    'percentiles' | 'reportedUntil' | 'breaker' | 'onBreakerChange' | 'trace' | 'traces' | 'load' | 'edges' | 'queues'
  >;
  readonly faults: {
    readonly blocked: boolean;
    list(): ActiveFault[];
    start(request: FaultRequest): Promise<unknown>;
    stop(id: string): Promise<unknown>;
    release(): Promise<void>;
  };
  readonly patterns: {
    list(): Pattern[];
    /** Patterns not named go to their default. */
    selectAll(selections: Record<string, string>, reason: string): Promise<unknown>;
  };
  readonly load: {
    view(): Load;
    set(rate: number): Promise<unknown>;
    /** Takes up the rate from before a restart. */
    keep(rate: number): void;
  };
  readonly ledger: {
    total(): Ledger | null;
    /** Of the orders paid lately, ms; null without any. */
    paidAfter(): number | null;
  };
}

export function activeFaults(system: LabSystem): ActiveFault[] {
  return system.faults.list().filter((fault) => fault.state === 'active');
}
