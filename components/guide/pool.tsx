'use client';
import { useService } from '../state/use-system.ts';
import { PoolSlots } from '../topology/pool-slots.tsx';

/** The pools of a service, as its metrics tell of them. */
export function Pool({ service: name }: { service: string }) {
  const pools = useService(name)?.pools ?? [];
  if (pools.length === 0) return <p>{name} reports no pool.</p>;
  return pools.map((pool) => <PoolSlots key={pool.name} service={name} pool={pool} />);
}
