import { run } from '../server/telemetry/ingest.bench.ts';
import type { Figure } from './figure.ts';

/** What the lab server pays to take in spans: 15 minutes of traffic a run. */
export async function measureIngest(runs: number): Promise<Figure[]> {
  const rate: number[] = [];
  const megabytes: number[] = [];
  for (let i = 0; i < runs; i++) {
    const { spansPerSecond, megabytesPer15Minutes } = await run();
    rate.push(spansPerSecond);
    megabytes.push(megabytesPer15Minutes);
  }
  return [
    { what: 'Spans taken in by one core', unit: '/s', values: rate },
    { what: 'Telemetry of 15 minutes at 60 requests a second', unit: 'MB', values: megabytes },
  ];
}
