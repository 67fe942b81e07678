import { metrics } from '@opentelemetry/api';
import { Demand } from '../../scaling/demand.ts';
import { Kubernetes } from '../../scaling/kubernetes.ts';
import { Scaler } from '../../scaling/scaler.ts';
import { requestBody } from '../../service/body.ts';
import { inEventSpan, readBucketEvent } from '../../service/bucket-event.ts';
import { readEnvironment } from '../../service/environment.ts';
import { serviceLog } from '../../service/log.ts';
import { reportPool } from '../../service/pool-gauges.ts';
import { serve } from '../../service/serve.ts';
import { forwardTo } from './forward.ts';
import { followPods } from './function-pods.ts';
import { HeldRequests } from './held-requests.ts';

const environment = readEnvironment();
const log = serviceLog('activator');
/** The Deployment to scale, and the Service of its pods. */
const name = environment.text('FUNCTION');
const source = environment.text('EVENTS_FROM');
const target = environment.integer('CONCURRENCY_TARGET', { min: 1, max: 1_000, fallback: 2 });
const min = environment.integer('MIN_REPLICAS', { min: 0, max: 100, fallback: 0 });
const max = environment.integer('MAX_REPLICAS', { min: Math.max(1, min), max: 100, fallback: 3 });
const idleMs = 1_000 * environment.integer('IDLE_SECONDS', { min: 1, max: 3_600, fallback: 60 });
/** How often it looks whether an instance has been idle for long enough. */
const lookMs = 250;

const demand = new Demand({ target, min, max, idleMs });
const kubernetes = new Kubernetes();
const wanted = () => demand.wanted(performance.now());
const scaler = new Scaler({ kubernetes, deployment: name, manager: 'activator', wanted, log });
const held = new HeldRequests({
  target,
  most: environment.integer('MAX_HELD', { min: 1, max: 10_000, fallback: 100 }),
  holdMs: environment.integer('HOLD_MS', { min: 100, max: 600_000, fallback: 30_000 }),
  onDemand(requests) {
    demand.change(requests, performance.now());
    void scaler.reconcile();
  },
});
reportPool('places', held);
metrics
  .getMeter('shop')
  .createObservableGauge('activator.replicas', { unit: '{instance}' })
  .addCallback((result) => result.observe(scaler.replicas ?? 0));
const forward = forwardTo(`http://${name}:8080`, held);

serve({
  name: 'activator',
  log,
  async prepare() {
    await followPods(kubernetes, name, log, (urls) => held.setInstances(urls));
    // An instance that is there already was needed a moment ago, for all that is known.
    demand.change(held.limit, performance.now());
    demand.change(0, performance.now());
    setInterval(() => void scaler.reconcile(), lookMs).unref();
  },
  routes(routes) {
    routes.all('/*', async (c) => {
      const body = await requestBody(c);
      return inEventSpan(c, readBucketEvent(body), source, () => forward(c, body));
    });
  },
});
