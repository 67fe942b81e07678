import type { NetworkFaultKind } from './fault.ts';

/** Everything takes longer by `delayMs`, uniformly more or less `jitterMs`: each way, each chunk, the handshake too. */
export const latency: NetworkFaultKind = {
  name: 'latency',
  stage({ delayMs, jitterMs }) {
    if (!(delayMs > 0) && !(jitterMs > 0)) return null;
    return (_passage, at) => at + Math.max(0, delayMs + (Math.random() * 2 - 1) * jitterMs);
  },
};
