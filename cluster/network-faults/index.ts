import { latency } from './latency.ts';
import type { Stage, StreamFaultType } from './stream-fault.ts';

/** Every fault on a stream of bytes, by type; those on one connection act in the order in which they are given. */
export const streamFaultTypes = { latency };

type Types = typeof streamFaultTypes;
type Attributes<T> = T extends StreamFaultType<infer A> ? A : never;

/** A fault as it is handed to whoever carries connections: its type, and the attributes of that type. */
export type StreamFault = { [T in keyof Types]: { type: T; attributes: Attributes<Types[T]> } }[keyof Types];

/** A stage of its own for one direction of one connection; null when the fault asks for nothing. */
export function stageOf({ type, attributes }: StreamFault): Stage | null {
  return streamFaultTypes[type].stage(attributes);
}
