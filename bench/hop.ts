import { run, type HopFigures as Hop, type HopReport } from '../cluster/embedded/network/hop.bench.ts';
import type { Figure } from './figure.ts';

/** A hop over the pod network against direct loopback, and how soon a fault in the data plane acts on live connections. */
export async function measureHop(runs: number): Promise<Figure[]> {
  const reports: HopReport[] = [];
  for (let i = 0; i < runs; i++) reports.push(await run());
  const figures: Figure[] = [];
  for (const connections of Object.keys(reports[0]?.connections ?? {})) {
    const of = `at ${connections} keep-alive connection${connections === '1' ? '' : 's'}`;
    const seen = reports.map((report) => report.connections[connections]!);
    figures.push(
      { what: `Direct loopback ${of}`, unit: 'req/s', values: seen.map(({ direct }) => direct.requestsPerSecond) },
      { what: `Pod network ${of}`, unit: 'req/s', values: seen.map(({ network }) => network.requestsPerSecond) },
      { what: `Direct loopback ${of}, p50`, unit: 'us', values: seen.map(({ direct }) => direct.p50Us) },
      { what: `Pod network ${of}, p50`, unit: 'us', values: seen.map(({ network }) => network.p50Us) },
    );
    const ratio = (of: (hop: Hop) => number) => seen.map(({ direct, network }) => of(network) / of(direct));
    figures.push(
      connections === '1'
        ? {
            what: `Pod network to direct ${of}, p50`,
            unit: 'times',
            values: ratio(({ p50Us }) => p50Us),
            wanted: '<= 1.3',
          }
        : {
            what: `Pod network to direct ${of}`,
            unit: 'times',
            values: ratio((hop) => hop.requestsPerSecond),
            wanted: '>= 0.6',
          },
    );
    const toxiproxy = seen.flatMap((connection) => connection.toxiproxy ?? []);
    if (toxiproxy.length > 0) {
      figures.push(
        { what: `toxiproxy ${of}`, unit: 'req/s', values: toxiproxy.map(({ requestsPerSecond }) => requestsPerSecond) },
        { what: `toxiproxy ${of}, p50`, unit: 'us', values: toxiproxy.map(({ p50Us }) => p50Us) },
      );
    }
  }
  figures.push({
    what: 'Fault in the data plane to its effect on a live connection',
    unit: 'ms',
    values: reports.map(({ faultToEffectMs }) => faultToEffectMs),
    wanted: '< 50 ms',
  });
  return figures;
}
