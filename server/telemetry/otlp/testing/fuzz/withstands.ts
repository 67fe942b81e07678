import assert from 'node:assert/strict';
import { z } from '@hono/zod-openapi';
import { logRecordSchema } from '../../../../contract/logs.ts';
import { metricSchema } from '../../../../contract/metrics.ts';
import { signalPointSchema } from '../../../../contract/signals.ts';
import { customerSchema, topologySchema } from '../../../../contract/topology.ts';
import { traceSchema, traceSummarySchema } from '../../../../contract/traces.ts';
import { customerView } from '../../../customer.ts';
import { Telemetry } from '../../../telemetry.ts';
import { buildTopology } from '../../../topology.ts';
import { ErrorInfo, ExportResponse, RpcStatus } from '../../messages.ts';
import { receiveOtlp } from '../../receiver.ts';
import type { OtlpResponse } from '../../receiver.ts';
import type { MutatedRequest } from './mutations.ts';

/** Of CPU time, not of the clock: a request of some kilobytes takes a few; a loop over a number that was received, for ever. */
const MOST_MILLISECONDS = 1000;
const MOST_MEGABYTES = 300;

/**
 * Sends requests to a receiver of their own, one after the other, and asks it for all there is.
 *
 * @returns how many answers had which status
 * @throws AssertionError for an answer that is not 200 or 4xx with a code, and for what is not as the contract says
 */
export async function withstands(requests: readonly MutatedRequest[]): Promise<Map<number, number>> {
  let now = Date.now();
  const telemetry = new Telemetry({ clock: () => now });
  telemetry.scope('shop').setEntries(['payments']);
  const statuses = new Map<number, number>();
  for (const { path, contentType, body } of requests) {
    const headers = new Headers({ 'content-type': contentType });
    const before = { cpu: process.cpuUsage(), rss: process.memoryUsage.rss() };
    const answer = await receiveOtlp({ method: 'POST', path, headers, body: one(body) }, telemetry);
    assertCoded(answer);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    assertReadable(telemetry);
    now += 2000; // what has come is in a second that is over
    assertReadable(telemetry);
    const { user, system } = process.cpuUsage(before.cpu);
    assert.ok((user + system) / 1000 < MOST_MILLISECONDS, `took ${(user + system) / 1000} ms`);
    const grown = (process.memoryUsage.rss() - before.rss) / 1024 / 1024;
    assert.ok(grown < MOST_MEGABYTES, `took ${grown} MB`);
  }
  return statuses;
}

async function* one(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

function assertCoded({ status, headers, body }: OtlpResponse): void {
  const isJson = headers['content-type'] === 'application/json';
  if (status === 200) {
    if (isJson) JSON.parse(Buffer.from(body).toString());
    else ExportResponse.decode(body);
    return;
  }
  assert.ok(status >= 400 && status < 500, `answered ${status}`);
  const reason = isJson
    ? (JSON.parse(Buffer.from(body).toString()) as { details: { reason: string }[] }).details[0]?.reason
    : (ErrorInfo.toObject(ErrorInfo.decode(RpcStatus.toObject(RpcStatus.decode(body))['details'][0].value))[
        'reason'
      ] as string);
  assert.match(reason ?? '', /^[A-Z_]{4,}$/);
}

const everything = z.object({
  topology: topologySchema,
  signals: z.record(z.string(), z.array(signalPointSchema)),
  summaries: z.array(traceSummarySchema),
  traces: z.array(traceSchema),
  logs: z.array(logRecordSchema),
  metrics: z.array(metricSchema),
  load: z.record(z.string(), z.number()).nullable(),
  customer: customerSchema,
});

/** Whatever was taken in, the API answers as its contract says: nothing in it that JSON has no form for. */
function assertReadable(telemetry: Telemetry): void {
  for (const name of telemetry.scopes()) {
    const scope = telemetry.find(name)!;
    const summaries = scope.traces();
    const all = {
      topology: buildTopology([], scope),
      signals: scope.pointsSince(null).signals,
      summaries,
      traces: summaries.map(({ traceId }) => scope.trace(traceId)),
      logs: scope.logs(),
      metrics: scope.metrics(),
      load: scope.load(),
      customer: customerView(scope),
    };
    assert.deepEqual(everything.parse(JSON.parse(JSON.stringify(all))), JSON.parse(JSON.stringify(all)));
  }
}
