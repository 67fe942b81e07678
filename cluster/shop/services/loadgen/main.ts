import { Agent } from 'node:http';
import { readEnvironment } from '../../service/environment.ts';
import { httpClient } from '../../service/http-client.ts';
import { serviceLog } from '../../service/log.ts';
import { serve, serveAdmin } from '../../service/serve.ts';
import { Arrivals } from './arrivals.ts';
import { customers } from './customers.ts';
import { journeySteps } from './journey-steps.ts';
import { loadMetrics } from './load-metrics.ts';
import { openRequestLimit } from './open-request-limit.ts';
import { opening, untracedSend } from './opening.ts';
import { rateRoutes } from './rate-routes.ts';
import { tracedSend } from './traced-send.ts';

const environment = readEnvironment();
const log = serviceLog('loadgen');
const maxRate = 500;
const patienceMs = environment.integer('CUSTOMER_PATIENCE_MS', { min: 100, max: 600_000, fallback: 10_000 });
const metrics = loadMetrics();
const http = httpClient(new Agent({ keepAlive: true }));
const gateway = environment.url('GATEWAY_URL');
const everyone = customers(environment.text('CUSTOMER_PASSWORD'));
const nextStep = journeySteps(everyone, tracedSend(http, gateway, patienceMs));
const limit = openRequestLimit(environment.integer('MAX_OPEN_REQUESTS', { min: 1, max: 50_000, fallback: 2_000 }));

const arrivals = new Arrivals({
  rate: environment.integer('LOAD_RATE', { min: 0, max: maxRate, fallback: 0 }),
  // One who would have given up by now is not sent late: the machine stood still, and a flood would not be that load.
  latestMs: patienceMs,
  arrive: (intended) => {
    const step = nextStep();
    if (limit.run(() => step(intended), intended)) metrics.sent();
    else metrics.dropped();
  },
  missed: (count) => metrics.dropped(count),
});
metrics.observe(() => ({ rate: arrivals.rate, open: limit.open, oldestMs: limit.oldestMs() }));

serve({
  name: 'loadgen',
  log,
  async prepare() {
    await opening(everyone, untracedSend(http, gateway));
    arrivals.start();
  },
  release: () => Promise.resolve(arrivals.stop()),
  routes: () => undefined,
});
serveAdmin(
  log,
  rateRoutes(arrivals, maxRate, () => ({ open: limit.open, ...metrics.counts })),
);
process.once('SIGTERM', () => arrivals.stop());
