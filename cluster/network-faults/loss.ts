import { byLot, type Stage, type StreamFaultType } from './stream-fault.ts';

/** When Linux first sends again what nobody has acknowledged: data after TCP_RTO_MIN, an opening after TCP_TIMEOUT_INIT. In ms. */
const firstTimeout = { data: 200, end: 200, open: 1000 };
/** An opening is sent so many times (tcp_syn_retries 6), and then given up by the caller's own kernel. */
const mostOpenings = 7;
const longestTimeout = 120_000;

/**
 * So many of a hundred packets are lost. No program ever sees that, for TCP sends them again (RFC 6298): what it sees is a stall
 * of 200 ms, and of 400, 800 ... more each time the repeat is lost too; while connecting of 1, 2, 4 ... s, and after seven losses
 * no connection. A lost packet with others close behind costs nothing here: these tell the sender (fast retransmit, RFC 5681), and
 * a round trip on one machine is nothing. So what counts is the last packet of what was sent together.
 */
export const loss: StreamFaultType<{ percent: number }> = {
  type: 'loss',
  attributes: { percent: { unit: '%', min: 0, max: 100 } },
  begin({ percent }) {
    const stage: Stage = ({ kind, last }, at) => {
      if (kind === 'data' && !last) return at;
      let timeout = firstTimeout[kind];
      for (let sent = 1; byLot(percent); sent++) {
        if (kind === 'open' && sent === mostOpenings) return Infinity;
        if (timeout > longestTimeout) return Infinity;
        at += timeout;
        timeout *= 2;
      }
      return at;
    };
    return { stages: () => ({ there: stage, back: stage }) };
  },
};
