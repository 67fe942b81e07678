import { bandwidth } from './bandwidth.ts';
import { dnsFailure } from './dns-failure.ts';
import { hang } from './hang.ts';
import { httpDelay } from './http-delay.ts';
import { httpFailFirst } from './http-fail-first.ts';
import { httpRefused } from './http-refused.ts';
import { httpStatus } from './http-status.ts';
import { latency } from './latency.ts';
import { loss } from './loss.ts';
import { partition } from './partition.ts';
import { refuse } from './refuse.ts';
import { reset } from './reset.ts';
import { slowClose } from './slow-close.ts';
import type { FaultAtWork, StreamFaultType } from './stream-fault.ts';

/** Every fault on a connection, by type; those on one connection act in the order in which they are given. */
export const streamFaultTypes = {
  latency,
  bandwidth,
  loss,
  refuse,
  reset,
  hang,
  partition,
  'slow-close': slowClose,
  'dns-failure': dnsFailure,
  'http-status': httpStatus,
  'http-delay': httpDelay,
  'http-fail-first': httpFailFirst,
  'http-refused': httpRefused,
};

type Types = typeof streamFaultTypes;
type Attributes<T> = T extends StreamFaultType<infer A> ? A : never;

/** A fault as it is handed to whoever carries connections: its type, and the attributes of that type. */
export type StreamFault = { [T in keyof Types]: { type: T; attributes: Attributes<Types[T]> } }[keyof Types];

/** It acts from now on, on whatever connections it is put. */
export function begin({ type, attributes }: StreamFault): FaultAtWork {
  // That the two belong together is what StreamFault says.
  return (streamFaultTypes[type] as StreamFaultType<typeof attributes>).begin(attributes);
}
