import type { KnownService } from '../../telemetry/topology.ts';

/** A shop larger than the one that is shipped: who is there and who calls whom. The same for the same numbers. */
export interface LargeShop {
  /** Customers first (`loadgen`), then where they come in (`gateway`); databases are called `postgres-...`. */
  services: string[];
  calls: Map<string, string[]>;
}

const words = ['catalog', 'orders', 'payments', 'inventory', 'shipping', 'pricing', 'search', 'postgres'];

/**
 * @param services the load generator not counted
 * @param edges at least as many as services; customers' own is one of them
 */
export function largeShop(services: number, edges: number): LargeShop {
  const name = (i: number) => (i === 0 ? 'gateway' : `${words[(i - 1) % words.length]}-${i}`);
  const names = Array.from({ length: services }, (_, i) => name(i));
  const calls = new Map<string, string[]>([
    ['loadgen', ['gateway']],
    ...names.map((caller): [string, string[]] => [caller, []]),
  ]);
  let left = edges - 1;
  const call = (from: number, to: number) => {
    const callees = calls.get(names[from]!)!;
    if (left === 0 || isDatabase(names[from]!) || callees.includes(names[to]!)) return;
    callees.push(names[to]!);
    left--;
  };
  const service = (i: number) => (isDatabase(names[i]!) ? i - 1 : i);
  for (let i = 1; i < services; i++) call(service(Math.floor((i - 1) / 3)), i); // a tree, so that everybody is called
  for (let step = 1; left > 0 && step < services; step++) for (let i = 0; i + step < services; i++) call(i, i + step);
  return { services: ['loadgen', ...names], calls };
}

export function isDatabase(service: string): boolean {
  return service.startsWith('postgres');
}

/** As the cluster would tell of it: two pods each. */
export function knownServices({ services }: LargeShop): KnownService[] {
  return services.map((service) => ({
    service,
    role: service === 'loadgen' ? 'load' : isDatabase(service) ? 'database' : 'service',
    entry: service === 'gateway',
    pods: [podOf(service), `${service}-7c9d6bf8f4-x2v4q`].map((name, i) => ({
      ...{ name, node: `node-${i + 1}`, state: 'ready', status: 'Running', restarts: 0, createdAt: 1_800_000_000_000 },
    })),
  }));
}

/** The pod that reports. */
export function podOf(service: string): string {
  return `${service}-7c9d6bf8f4-k8wzp`;
}
