import { setTimeout as delay } from 'node:timers/promises';
import { metrics, ProxyTracerProvider, trace } from '@opentelemetry/api';

/** The API has no flush; the SDK's providers do, where the telemetry preload has registered them. */
interface Flushable {
  forceFlush?: () => Promise<void>;
}

/** Sends the metrics as they are now, ahead of their interval. Without telemetry it does nothing. */
export async function flushMetrics(): Promise<void> {
  await (metrics.getMeterProvider() as Flushable).forceFlush?.();
}

/** Sends every span and metric there is, within `boundMs`. */
export async function flushTelemetry(boundMs: number): Promise<void> {
  const provider = trace.getTracerProvider();
  const tracers = (provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider) as Flushable;
  await Promise.race([Promise.all([tracers.forceFlush?.(), flushMetrics()]), delay(boundMs)]);
}
