import { metrics } from '@opentelemetry/api';

export function loadMetrics() {
  const meter = metrics.getMeter('shop');
  const sent = meter.createCounter('loadgen.sent', { unit: '{request}' });
  const dropped = meter.createCounter('loadgen.dropped', {
    unit: '{request}',
    description: 'Due, but not sent: too many were open, or the generator was too late.',
  });
  const rate = meter.createObservableGauge('loadgen.rate', { unit: '{request}/s' });
  const open = meter.createObservableGauge('loadgen.open', { unit: '{request}' });
  const oldest = meter.createObservableGauge('loadgen.oldest_request_age', { unit: 'ms' });
  const counts = { sent: 0, dropped: 0 };
  return {
    /** Since the start. */
    counts: counts as Readonly<typeof counts>,
    sent() {
      counts.sent += 1;
      sent.add(1);
    },
    dropped(count = 1) {
      counts.dropped += count;
      dropped.add(count);
    },
    observe(read: () => { rate: number; open: number; oldestMs: number }) {
      rate.addCallback((result) => result.observe(read().rate));
      open.addCallback((result) => result.observe(read().open));
      oldest.addCallback((result) => result.observe(Math.round(read().oldestMs)));
    },
  };
}
