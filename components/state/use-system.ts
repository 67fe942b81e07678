import type { EdgeView, ServiceView } from '../../server/contract/topology.ts';
import type { SignalId, SignalPoint } from '../../server/contract/signals.ts';
import { connection } from './connection.ts';
import type { ConnectionState } from './connection.ts';
import { signals, system } from './frame-store.ts';
import type { SystemView } from './frame-store.ts';
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

const NONE: readonly SignalPoint[] = [];

/** The kept seconds of a service or an edge, at most one update a second. */
export function useSignal(id: SignalId): readonly SignalPoint[] {
  return useStore(signals, (series) => series[id] ?? NONE);
}

export function useConnection(): ConnectionState {
  return useStore(connection, (state) => state);
}
