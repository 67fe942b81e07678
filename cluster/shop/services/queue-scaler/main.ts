import { Demand } from '../../scaling/demand.ts';
import { Kubernetes } from '../../scaling/kubernetes.ts';
import { Scaler } from '../../scaling/scaler.ts';
import { readEnvironment } from '../../service/environment.ts';
import { serviceLog } from '../../service/log.ts';
import { serve } from '../../service/serve.ts';
import { followDepth } from './queue-depth.ts';

/**
 * Gives the consumer of a queue as many pods as the messages that wait in it ask for: what a HorizontalPodAutoscaler needs an adapter of
 * external metrics for, and KEDA its operator. It asks the broker by AMQP and scales by the scale subresource, so that it works in any cluster.
 */
const environment = readEnvironment();
const log = serviceLog('queue-scaler');
const demand = new Demand({
  target: environment.integer('MESSAGES_PER_POD', { min: 1, max: 100_000 }),
  min: environment.integer('MIN_REPLICAS', { min: 1, max: 100, fallback: 1 }),
  max: environment.integer('MAX_REPLICAS', { min: 1, max: 100 }),
  idleMs: environment.integer('COOLDOWN_SECONDS', { min: 0, max: 3_600, fallback: 30 }) * 1_000,
});
const now = () => performance.now();
const scaler = new Scaler({
  kubernetes: new Kubernetes(),
  deployment: environment.text('CONSUMER'),
  manager: 'queue-scaler',
  wanted: () => demand.wanted(now()),
  log,
});
const depth = followDepth(
  { url: environment.text('BROKER_URL'), queue: environment.text('QUEUE'), log },
  (messages) => {
    demand.change(messages, now());
    void scaler.reconcile();
  },
  // The broker came later than this pod, and so did its Secret: the container is started again, with what that holds by then.
  () => process.exit(1),
);

serve({ name: 'queue-scaler', log, routes: () => undefined, release: () => depth.stop() });
