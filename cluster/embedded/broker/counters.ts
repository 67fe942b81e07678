/** How often something was done to messages: of a queue, or of the whole broker. Names are those of the management API. */
export interface Counters {
  publish: number;
  confirm: number;
  return_unroutable: number;
  drop_unroutable: number;
  deliver: number;
  deliver_no_ack: number;
  get: number;
  get_no_ack: number;
  get_empty: number;
  redeliver: number;
  ack: number;
}

export function newCounters(): Counters {
  return {
    ...{ publish: 0, confirm: 0, return_unroutable: 0, drop_unroutable: 0 },
    ...{ deliver: 0, deliver_no_ack: 0, get: 0, get_no_ack: 0, get_empty: 0, redeliver: 0, ack: 0 },
  };
}
