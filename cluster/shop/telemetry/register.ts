import { syncBuiltinESMExports } from 'node:module';
import { metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations, type Instrumentation } from '@opentelemetry/instrumentation';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { serviceResource } from './resource.ts';

const spansEveryMs = 250;
const metricsEveryMs = 500;
/**
 * An endpoint that does not answer costs at most this, and then the batch: OTLP's default. A broken connection is tried again after about a second
 * while there is time; of 2 s a busy machine took so much that the batch was lost.
 */
const exportTimeoutMs = 10_000;
/** Spans kept while the endpoint is away; beyond that new ones are dropped. */
const spanQueue = 4_096;

/**
 * Registers tracing and metrics as the process's OpenTelemetry providers and switches on the instrumentations, save for
 * those named in OTEL_NODE_DISABLED_INSTRUMENTATIONS.
 */
export function register(endpoint: string, instrumentations: Record<string, () => Instrumentation>): void {
  const resource = serviceResource();
  const tracerProvider = new NodeTracerProvider({
    resource,
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: exportTimeoutMs }), {
        scheduledDelayMillis: spansEveryMs,
        exportTimeoutMillis: exportTimeoutMs,
        maxQueueSize: spanQueue,
        maxExportBatchSize: 512,
      }),
    ],
  });
  tracerProvider.register();
  metrics.setGlobalMeterProvider(
    new MeterProvider({
      resource,
      // Durations come from the spans, all of them; the instrumentations' histograms would say the same again.
      views: ['http.*.request.duration', 'db.client.*'].map((instrumentName) => ({
        instrumentName,
        aggregation: { type: AggregationType.DROP },
      })),
      readers: [
        new PeriodicExportingMetricReader({
          exporter: new OTLPMetricExporter({ url: `${endpoint}/v1/metrics`, timeoutMillis: exportTimeoutMs }),
          exportIntervalMillis: metricsEveryMs,
          exportTimeoutMillis: metricsEveryMs,
        }),
      ],
    }),
  );
  const disabled = new Set(process.env['OTEL_NODE_DISABLED_INSTRUMENTATIONS']?.split(',').map((name) => name.trim()));
  registerInstrumentations({
    instrumentations: Object.entries(instrumentations).flatMap(([name, create]) =>
      disabled.has(name) ? [] : [create()],
    ),
  });
  // The http instrumentation patches the CommonJS exports when they are next required; services import. Without these two
  // lines it would silently do nothing for them.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- requiring is what triggers the patch
  require('node:http');
  syncBuiltinESMExports();
}
