import type { EdgeView, ServiceView } from '../../server/contract/topology.ts';
import { connection } from './connection.ts';
import type { ConnectionState } from './connection.ts';
import { signals, system } from './frame-store.ts';
import type { SystemView } from './frame-store.ts';
import type { Signals } from './signal-buffer.ts';
import { useStore } from './use-store.ts';

/** One member of the system's state; null before the first snapshot. */
export function useSystem<Key extends keyof SystemView>(key: Key): SystemView[Key] | null {
  return useStore(system, (view) => view?.[key] ?? null);
}

export function useService(name: string): ServiceView | null {
  return useStore(system, (view) => view?.topology.services.find((service) => service.name === name) ?? null);
}

export function useEdge(id: string): EdgeView | null {
  return useStore(system, (view) => view?.topology.edges.find((edge) => edge.id === id) ?? null);
}

/** The kept seconds of all services and edges, at most one update a second. */
export function useSignals(): Signals {
  return useStore(signals, (series) => series);
}

export function useConnection(): ConnectionState {
  return useStore(connection, (state) => state);
}
