import { Agent } from 'node:http';
import { readEnvironment } from '../../service/environment.ts';
import { httpClient } from '../../service/http-client.ts';
import { serviceLog } from '../../service/log.ts';
import { ownFaultRoutes } from '../../service/own-fault-routes.ts';
import { OwnFaults } from '../../service/own-faults.ts';
import { serve, serveAdmin } from '../../service/serve.ts';
import { Arrivals } from './arrivals.ts';
import { customers } from './customers.ts';
import { entranceOf } from './entrance.ts';
import { greedyStep, journeySteps, type Step } from './journey-steps.ts';
import { ExtraArrivals, impatient, loadFault, type LoadFault } from './load-faults.ts';
import { loadMetrics } from './load-metrics.ts';
import { openRequestLimit } from './open-request-limit.ts';
import { opening, untracedSend } from './opening.ts';
import { rateRoutes } from './rate-routes.ts';
import { tracedSend } from './traced-send.ts';
import { uploadRoutes } from './upload-routes.ts';
import { Uploads } from './uploads.ts';

const environment = readEnvironment();
const log = serviceLog('loadgen');
const maxRate = 500;
const patienceMs = environment.integer('CUSTOMER_PATIENCE_MS', { min: 100, max: 600_000, fallback: 10_000 });
const metrics = loadMetrics();
const http = httpClient(new Agent({ keepAlive: true }));
const entrance = entranceOf(environment);
const everyone = customers(environment.text('CUSTOMER_PASSWORD'));
const faults = new OwnFaults<LoadFault>({ changed: reviewExtra });
const send = impatient(tracedSend(http, entrance, patienceMs), faults);
const nextStep = journeySteps(everyone, send);
const greedy = greedyStep(everyone[0]!, send);
const uploads = new Uploads({
  customers: everyone,
  send,
  look: untracedSend(http, entrance),
  burst: environment.integer('UPLOAD_BURST', { min: 1, max: 50, fallback: 4 }),
  everySeconds: environment.integer('UPLOAD_EVERY_SECONDS', { min: 0, max: 3_600, fallback: 0 }),
});
const limit = openRequestLimit(environment.integer('MAX_OPEN_REQUESTS', { min: 1, max: 50_000, fallback: 2_000 }));

const arrivals = new Arrivals({
  rate: environment.integer('LOAD_RATE', { min: 0, max: maxRate, fallback: 0 }),
  // One who would have given up by now is not sent late: the machine stood still, and a flood would not be that load.
  latestMs: patienceMs,
  arrive: (intended) => arrive(nextStep(), intended),
  missed: (count) => metrics.dropped(count),
});
const crowd = new ExtraArrivals({
  ...{ faults, behaviour: 'spike', latestMs: patienceMs },
  rateOf: ({ parameters }) => arrivals.rate * (parameters.times - 1),
  arrive: (intended) => arrive(nextStep(), intended),
});
const greedyClient = new ExtraArrivals({
  ...{ faults, behaviour: 'greedy-client', latestMs: patienceMs },
  rateOf: ({ parameters }) => parameters.rate,
  arrive: (intended) => arrive(greedy, intended),
});
const extra = [crowd, greedyClient];
metrics.observe(() => ({ rate: arrivals.rate, open: limit.open, oldestMs: limit.oldestMs() }));

serve({
  name: 'loadgen',
  log,
  async prepare() {
    await opening(everyone, untracedSend(http, entrance));
    for (const each of [arrivals, uploads, ...extra]) each.start();
  },
  release: () => Promise.resolve(stop()),
  routes: () => undefined,
});
serveAdmin(log, (routes) => {
  const report = () => ({ open: limit.open, ...metrics.counts });
  rateRoutes(arrivals, maxRate, { report, changed: reviewExtra })(routes);
  uploadRoutes(uploads)(routes);
  ownFaultRoutes(faults, loadFault)(routes);
});
process.once('SIGTERM', stop);

function arrive(step: Step, intended: number): void {
  if (limit.run(() => step(intended), intended)) metrics.sent();
  else metrics.dropped();
}

function reviewExtra(): void {
  for (const each of extra) each.review();
}

function stop(): void {
  for (const each of [arrivals, uploads, ...extra]) each.stop();
}
