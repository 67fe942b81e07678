import type { CustomerView } from '../contract/topology.ts';
import { hanging } from './health.ts';
import { CUSTOMER } from './measured-calls.ts';
import type { ScopeTelemetry } from './scope-telemetry.ts';

/** The shop as its customers meet it now. What the services say of themselves has no part in it. */
export function customerView(telemetry: Pick<ScopeTelemetry, 'windowed' | 'load'>): CustomerView {
  const load = telemetry.load();
  const traffic = telemetry.windowed(CUSTOMER);
  if (!load) return { ...traffic, open: null, oldestMs: null, reason: 'the load generator does not report' };
  const { open, oldestMs } = load;
  const reason = hanging(open, oldestMs) ?? (load.rate === 0 && open === 0 ? 'nobody shops: the load is 0' : null);
  return { ...traffic, open, oldestMs, reason };
}
