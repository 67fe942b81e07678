import { useEffect } from 'react';
import type { Member } from '../../server/contract/stream.ts';
import type { SignalId } from '../../server/contract/signals.ts';
import type { EdgeView, ServiceView } from '../../server/contract/topology.ts';
import type { ConnectionState } from './connection.ts';
import { useLabStore } from './lab-store-context.ts';
import type { SystemView } from './lab-store.ts';
import type { Signals } from './signal-buffer.ts';
import { useStore } from './use-store.ts';

/**
 * What `select` picks of one member of the state, which the server is asked for as long as this is shown. Null before it
 * came.
 */
export function useMember<Key extends Member, S>(
  key: Key,
  select: (value: NonNullable<SystemView[Key]>) => S,
): S | null {
  const store = useLabStore();
  useEffect(() => store.show({ members: [key] }), [store, key]);
  return useStore(store.system, (view) => {
    const value = view?.[key];
    return value === undefined || value === null ? null : select(value);
  });
}

/** One member of the system's state; null before it came. */
export function useSystem<Key extends Member>(key: Key): NonNullable<SystemView[Key]> | null {
  return useMember(key, (value) => value);
}

export function useService(name: string): ServiceView | null {
  return useMember('topology', ({ services }) => services.find((service) => service.name === name) ?? null);
}

export function useEdge(id: string): EdgeView | null {
  return useMember('topology', ({ edges }) => edges.find((edge) => edge.id === id) ?? null);
}

/** Whether anything of the system is known yet. */
export function useIsKnown(): boolean {
  return useStore(useLabStore().system, (view) => view !== null);
}

/** The server's time of the last change, Unix time in ms; null before the first. */
export function useSystemTime(): number | null {
  return useStore(useLabStore().system, (view) => view?.time ?? null);
}

/** The last seconds of these series, at most one update a second. Give the same array each time. */
export function useSignals(ids: readonly SignalId[]): Signals {
  const store = useLabStore();
  useEffect(() => store.show({ series: [...ids] }), [store, ids]);
  return useStore(store.signals, (series) => series);
}

export function useConnection(): ConnectionState {
  return useStore(useLabStore().connection, (state) => state);
}
