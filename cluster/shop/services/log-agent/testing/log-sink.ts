import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

export interface SunkLog {
  body: string;
  severity: number;
  traceId: string | undefined;
  /** Of the record. */
  attributes: Record<string, unknown>;
  /** Of the resource. */
  resource: Record<string, unknown>;
}

/** Takes OTLP/HTTP in JSON, as slowly as it is told. */
export interface LogSink {
  url: string;
  logs: SunkLog[];
  /** The latest value of each metric. */
  metrics: Record<string, number>;
  /** How late it answers requests with logs. */
  delayMs: number;
  /** What it answers them with. */
  status: number;
  close(): void;
}

type Pairs = { key: string; value: Record<string, unknown> }[];

export async function startLogSink(): Promise<LogSink> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = (await json(request)) as never;
      if (request.url === '/v1/metrics') readMetrics(body, sink.metrics);
      else {
        await delay(sink.delayMs);
        response.statusCode = sink.status;
        if (sink.status === 200) sink.logs.push(...readLogs(body));
      }
      response.end('{}');
    })();
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const sink: LogSink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ logs: [], metrics: {}, delayMs: 0, status: 200 },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return sink;
}

interface LogsRequest {
  resourceLogs: {
    resource: { attributes: Pairs };
    scopeLogs: {
      logRecords: { body: { stringValue: string }; severityNumber?: number; traceId?: string; attributes?: Pairs }[];
    }[];
  }[];
}

function readLogs({ resourceLogs }: LogsRequest): SunkLog[] {
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ body, severityNumber = 0, traceId, attributes = [] }) => ({
        ...{ body: body.stringValue, severity: severityNumber, traceId },
        ...{ attributes: plain(attributes), resource: plain(resource.attributes) },
      })),
    ),
  );
}

interface MetricsRequest {
  resourceMetrics: {
    scopeMetrics: { metrics: ({ name: string } & Record<'sum' | 'gauge', { dataPoints: { asInt: string }[] }>)[] }[];
  }[];
}

function readMetrics({ resourceMetrics }: MetricsRequest, latest: Record<string, number>): void {
  for (const { name, sum, gauge } of resourceMetrics[0]!.scopeMetrics[0]!.metrics) {
    latest[name] = Number((sum ?? gauge).dataPoints[0]!.asInt);
  }
}

function plain(pairs: Pairs): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
}
