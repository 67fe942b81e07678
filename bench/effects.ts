import type { Figure } from './figure.ts';
import { until, type LabApi } from './lab-api.ts';

interface Fault {
  id: string;
  evidence: { delayed: number };
}

/** From asking for a fault to the first call that it held back; and from stopping it to none being left in the cluster. */
export async function measureFaults(api: LabApi, runs: number): Promise<Figure[]> {
  const start: number[] = [];
  const stop: number[] = [];
  for (let run = 0; run < runs; run++) {
    const since = performance.now();
    const request = {
      kind: 'edge-latency',
      target: 'gateway>catalog',
      parameters: { delayMs: 100, jitterMs: 0 },
      duration: 60,
    };
    const { id } = await api.send<Fault>('POST', '/api/faults', request);
    await until(async () => {
      const { faults } = await api.get<{ faults: Fault[] }>('/api/faults');
      return faults.some((fault) => fault.id === id && fault.evidence.delayed > 0);
    }, 20_000);
    start.push(performance.now() - since);

    const stopped = performance.now();
    const { remaining } = await api.send<{ remaining: string[] }>('DELETE', '/api/faults');
    stop.push(performance.now() - stopped);
    if (remaining.length > 0) throw new Error(`stop all left ${remaining.join(', ')}`);
    await api.send('POST', '/api/faults/release');
  }
  return [
    {
      what: 'Fault asked for to first call delayed, by its own evidence',
      unit: 'ms',
      values: start,
      wanted: '< 100 ms',
    },
    { what: 'Stop all to proof that none is left', unit: 'ms', values: stop, wanted: '< 2 000 ms' },
  ];
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
