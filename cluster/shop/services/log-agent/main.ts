import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { readEnvironment } from '../../service/environment.ts';
import { fileSource } from './file-source.ts';
import { nodeSource } from './node-source.ts';
import { metricsRequest } from './otlp-metrics.ts';
import { otlpPost } from './otlp-post.ts';
import { pipeSource } from './pipe-source.ts';
import { ship } from './shipper.ts';
import type { Source } from './source.ts';

/** There may be one in every pod: it takes nothing of what services share but their environment, to be as small as it can. */
const environment = readEnvironment();
const mode = environment.oneOf('LOG_DELIVERY', ['synchronous', 'buffered'], 'buffered');
const origin = {
  namespace: environment.text('POD_NAMESPACE'),
  pod: environment.text('POD_NAME'),
  container: 'service',
  node: environment.text('NODE_NAME', 'unknown'),
};
const metricsEveryMs = 1_000;
/** What is left is shipped within this, after SIGTERM. */
const lastWordsMs = 2_000;

function say(level: 'info' | 'warn', message: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date(), level, service: 'log-agent', message, ...fields })}\n`);
}

function openSource(): Source {
  const folder = environment.text('LOG_FOLDER');
  if (environment.oneOf('LOG_SOURCE', ['node', 'pod']) === 'node') {
    return nodeSource({ folder, node: origin.node, namespace: origin.namespace, ownPod: origin.pod });
  }
  return mode === 'synchronous' ? pipeSource(folder, origin) : fileSource(folder, origin);
}

const source = openSource();
const shipper = ship(
  source,
  otlpPost(`${environment.url('LOG_SINK_URL')}/v1/logs`),
  {
    mode,
    giveUpMs: environment.integer('LOG_GIVE_UP_MS', { min: 100, max: 60_000, fallback: 10_000 }),
    bufferLines: environment.integer('LOG_BUFFER_LINES', { min: 1, max: 100_000, fallback: 1_000 }),
    drop: environment.oneOf('LOG_DROP', ['oldest', 'newest'], 'oldest'),
  },
  (error) =>
    error ? say('warn', 'The sink does not take logs', { reason: error.message }) : say('info', 'The sink takes logs'),
);

const postMetrics = otlpPost(`${environment.url('METRICS_URL')}/v1/metrics`);
// What does not get through is told by the next: the counts are sums.
const tell = () => postMetrics(metricsRequest(origin, shipper.counts()), metricsEveryMs).catch(() => undefined);
setInterval(() => void tell(), metricsEveryMs);

const port = environment.integer('PORT', { min: 0, max: 65_535, fallback: 8686 });
createServer((_request, response) => response.end(JSON.stringify({ ok: true, ...shipper.counts() }))).listen(port, () =>
  say('info', 'Collecting', { mode, afterMs: Math.round(performance.now()) }),
);

process.once('SIGTERM', () => {
  source.close();
  void Promise.race([shipper.done, delay(lastWordsMs)]).then(() => process.exit(0));
});
