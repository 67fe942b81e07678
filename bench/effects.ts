import type { Figure } from './figure.ts';
import { until, type LabApi } from './lab-api.ts';

interface Fault {
  id: string;
  evidence: { delayed: number };
}

/** By the data plane, and by the third party: of the bank's calls, which are a third of all, as many as it hits by default. */
const slow = [
  { kind: 'edge-latency', target: 'gateway>catalog', parameters: { delayMs: 100, jitterMs: 0 }, duration: 60 },
  { kind: 'bank-slow', target: 'bank', parameters: { delayMs: 100, percent: 60 }, duration: 60 },
];

/**
 * From asking for a fault to the first call that it held back, the wait for a call to come included; and from stopping all to
 * none being left in the cluster.
 */
export async function measureFaults(api: LabApi, runs: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  const stop: number[] = [];
  for (const request of slow) {
    const values: number[] = [];
    for (let run = 0; run < runs; run++) values.push(await measureFault(api, request, stop));
    const what = `Fault asked for (${request.kind}) to its first call delayed, by its own evidence`;
    figures.push({ what, unit: 'ms', values, wanted: '< 100 ms' });
  }
  return [...figures, { what: 'Stop all to proof that none is left', unit: 'ms', values: stop, wanted: '< 2 000 ms' }];
}

async function measureFault(api: LabApi, request: (typeof slow)[number], stop: number[]): Promise<number> {
  // Anywhere between two calls.
  await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 200));
  const since = performance.now();
  const { id } = await api.send<Fault>('POST', '/api/faults', request);
  await until(async () => {
    const { faults } = await api.get<{ faults: Fault[] }>('/api/faults');
    return faults.some((fault) => fault.id === id && fault.evidence.delayed > 0);
  }, 20_000);
  const ms = performance.now() - since;

  const stopped = performance.now();
  const { remaining } = await api.send<{ remaining: string[] }>('DELETE', '/api/faults');
  stop.push(performance.now() - stopped);
  if (remaining.length > 0) throw new Error(`stop all left ${remaining.join(', ')}`);
  await api.send('POST', '/api/faults/release');
  return ms;
}

/** From switching a pattern to every pod of the rolling update running with it. */
export async function measureSwitches(api: LabApi, runs: number): Promise<Figure[]> {
  const options = ['3s', '500ms'];
  const values: number[] = [];
  for (let run = 0; run < runs; run++) {
    const since = performance.now();
    await api.send('PUT', '/api/patterns/timeout', { option: options[run % 2] });
    await until(async () => {
      const { patterns } = await api.get<{ patterns: { id: string; rolling: boolean }[] }>('/api/patterns');
      return patterns.some(({ id, rolling }) => id === 'timeout' && !rolling);
    }, 30_000);
    values.push(performance.now() - since);
  }
  await api.send('PUT', '/api/patterns/timeout', { option: 'none' });
  return [{ what: 'Pattern switched to live traffic running on it', unit: 'ms', values, wanted: '< 5 000 ms' }];
}
