import { randomUUID } from 'node:crypto';
import { resourceAttributes } from './otlp-logs.ts';
import type { Counts } from './shipper.ts';
import type { Origin } from './source.ts';

/** One per run: its counters begin at zero. */
const instance = { key: 'service.instance.id', value: { stringValue: randomUUID() } };
const startTimeUnixNano = `${Date.now()}000000`;

/** What the agent itself has done, as an OTLP/HTTP request in JSON. */
export function metricsRequest(origin: Origin, { read, shipped, dropped, buffered }: Counts): object {
  const timeUnixNano = `${Date.now()}000000`;
  const sum = (name: string, value: number) => ({
    name,
    unit: '{line}',
    sum: {
      aggregationTemporality: 2,
      isMonotonic: true,
      dataPoints: [{ startTimeUnixNano, timeUnixNano, asInt: String(value) }],
    },
  });
  const metrics = [
    sum('log_agent.lines.read', read),
    sum('log_agent.lines.shipped', shipped),
    sum('log_agent.lines.dropped', dropped),
    {
      name: 'log_agent.lines.buffered',
      unit: '{line}',
      gauge: { dataPoints: [{ timeUnixNano, asInt: String(buffered) }] },
    },
  ];
  const resource = { attributes: [...resourceAttributes(origin, 'log-agent'), instance] };
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'log-agent' }, metrics }] }] };
}
