import { Hono } from 'hono';
import type { Telemetry } from '../telemetry.ts';
import { receiveOtlp } from './receiver.ts';

/** `/v1/traces` and `/v1/metrics`, to mount at the root of a Hono app. */
export function otlpRoutes(telemetry: Pick<Telemetry, 'ingestTraces' | 'ingestMetrics'>): Hono {
  return new Hono().all('/v1/:signal', async ({ req }) => {
    const { status, headers, body } = await receiveOtlp(
      // Node's web streams are async iterable; TypeScript's DOM types do not say so.
      {
        method: req.method,
        path: req.path,
        headers: req.raw.headers,
        body: req.raw.body as AsyncIterable<Uint8Array> | null,
      },
      telemetry,
    );
    return new Response(body, { status, headers });
  });
}
