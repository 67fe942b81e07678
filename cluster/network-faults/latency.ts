import type { Stage, StreamFaultType } from './stream-fault.ts';

/** In ms. Longer delays are beyond every timeout there is, and would only pile up bytes. */
const longest = 60_000;

/** Everything takes longer by `delayMs`, uniformly more or less `jitterMs`: each way, each chunk, the handshake too. */
export const latency: StreamFaultType<{ delayMs: number; jitterMs: number }> = {
  type: 'latency',
  attributes: {
    delayMs: { unit: 'ms', min: 0, max: longest },
    jitterMs: { unit: 'ms', min: 0, max: longest },
  },
  begin({ delayMs, jitterMs }) {
    const late: Stage = (_passage, at) => at + Math.max(0, delayMs + (Math.random() * 2 - 1) * jitterMs);
    return { stages: () => ({ there: late, back: late }) };
  },
};
