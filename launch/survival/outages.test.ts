import assert from 'node:assert/strict';
import { CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startProduct, type Product } from '../product.ts';
import { processesOf } from './processes.ts';

// What every headline says while a part of the shop is frozen, gone or cut off: measured on the whole product, one outage at a time.
const skip = process.platform === 'linux' ? false : 'finds processes through /proc';

interface Traffic {
  rate: number;
  errorRatio: number | null;
}

interface State {
  customer: Traffic & { open: number | null; reason: string | null };
  ledger: { countedAt: number } | null;
  topology: { services: (Traffic & { name: string; health: string; reason: string | null })[] };
}

interface Headlines {
  /** What /healthz says of orders; null when it is well. */
  orders: string | null;
  /** Customers fail, or wait without end. */
  customersHurt: boolean;
  reason: string | null;
  /** The count of the ledger says as of when it is, and that is not now. */
  ledgerWaits: boolean;
  health: (service: string) => string;
  all: string;
}

async function headlines({ url }: Product): Promise<Headlines> {
  const signal = AbortSignal.timeout(5_000);
  const [healthz, livez, state] = await Promise.all([
    fetch(`${url}/healthz`, { signal }),
    fetch(`${url}/livez`, { signal }),
    fetch(`${url}/api/state`, { signal }).then((answer) => answer.json() as Promise<State>),
  ]);
  assert.equal(livez.status, 200, 'the lab itself lives through all of it');
  const text = (await healthz.text()).trim();
  const { customer, ledger, topology } = state;
  return {
    orders: healthz.status === 200 ? null : text,
    customersHurt: (customer.errorRatio ?? 0) > 0.1 || /hang/.test(customer.reason ?? ''),
    reason: customer.reason,
    ledgerWaits: Date.now() - (ledger?.countedAt ?? 0) > 5_000,
    health: (service) => topology.services.find(({ name }) => name === service)?.health ?? 'missing',
    all: JSON.stringify({
      text,
      customer,
      ledger,
      services: topology.services.map(({ name, health, reason }) => [name, health, reason]),
    }),
  };
}

async function until(product: Product, what: string, holds: (now: Headlines) => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    const now = await headlines(product);
    if (holds(now)) return;
    assert.ok(performance.now() < end, `not within a minute: ${what}; the headlines say ${now.all}`);
    await delay(200);
  }
}

/** Stops every process like that, as if its machine had frozen. Returns how to let them go on. */
function freeze(product: Product, command: RegExp): () => void {
  const frozen = processesOf(product.home, product.process.pid!).filter((one) => command.test(one.command));
  assert.ok(frozen.length > 0, `no process like ${command}`);
  for (const { pid } of frozen) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const { pid } of frozen) {
      try {
        process.kill(pid, 'SIGCONT');
      } catch (error) {
        // Its liveness probe may have had it replaced meanwhile.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  };
}

/**
 * Takes every pod of a Deployment away, and lets no other come: all nodes are closed to new pods. (A Deployment scaled to nothing would be
 * brought back at once, as the desired state has it.) Returns how to open them again.
 */
async function remove(product: Product, name: string, namespace = 'shop'): Promise<() => Promise<void>> {
  const config = new KubeConfig();
  config.loadFromFile(product.kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const close = async (unschedulable: boolean) => {
    const options = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
    for (const node of (await api.listNode()).items)
      await api.patchNode({ name: node.metadata!.name!, body: { spec: { unschedulable } } }, options);
  };
  await close(true);
  await api.deleteCollectionNamespacedPod({ namespace, labelSelector: `app=${name}` });
  return () => close(false);
}

/** Nothing gets over an edge in any useful time, on connections there are and on new ones. Returns how to mend it. */
async function cutOff({ url }: Product, target: string): Promise<() => Promise<void>> {
  const body = { kind: 'edge-latency', target, parameters: { delayMs: 10_000, jitterMs: 0 }, duration: 300 };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/faults`, { method: 'POST', headers, body: JSON.stringify(body) });
  const { id } = (await answer.json()) as { id: string };
  assert.equal(answer.status, 201, `the edge ${target} cannot be cut`);
  return async () => {
    assert.ok((await fetch(`${url}/api/faults/${id}`, { method: 'DELETE' })).ok, `the fault on ${target} does not end`);
  };
}

/** Moves the folder of the bank's book away, under the process that writes in it. Returns how to bring it back. */
function takeBookAway({ home }: Product): () => void {
  const folder = join(home, 'volumes/var/lib/breakwater/bank');
  renameSync(folder, `${folder}.away`);
  return () => renameSync(`${folder}.away`, folder);
}

const service = (name: string) => new RegExp(`services/${name}/`);

/** Each says what the headlines must state, all at once. */
const outages: {
  what: string;
  begin: (product: Product) => Promise<() => unknown> | (() => unknown);
  states: (now: Headlines) => boolean;
}[] = [
  {
    what: 'the gateway is frozen',
    begin: (product) => freeze(product, service('gateway')),
    states: (now) => now.orders !== null && now.customersHurt && now.health('gateway') === 'bad',
  },
  {
    what: 'the gateway is gone',
    begin: (product) => remove(product, 'gateway'),
    states: (now) => now.orders !== null && now.customersHurt,
  },
  {
    what: 'orders is frozen',
    begin: (product) => freeze(product, service('orders')),
    states: (now) => now.orders !== null && now.customersHurt && now.health('orders') === 'bad',
  },
  {
    what: 'payments is frozen',
    begin: (product) => freeze(product, service('payments')),
    states: (now) => now.orders !== null && now.customersHurt && now.health('payments') === 'bad',
  },
  {
    what: 'the bank is frozen',
    begin: (product) => freeze(product, service('bank')),
    states: (now) => now.orders !== null && now.customersHurt && now.health('bank') === 'bad',
  },
  {
    what: 'the bank is gone, and the ledger waits for its statement',
    begin: (product) => remove(product, 'bank', 'bank'),
    states: (now) => now.orders !== null && now.customersHurt && now.ledgerWaits,
  },
  {
    what: "the bank's store is gone, and it takes no charge that it could not keep",
    begin: takeBookAway,
    states: (now) => now.orders !== null && now.customersHurt && now.health('bank') === 'bad' && now.ledgerWaits,
  },
  {
    what: 'the bank is cut off',
    begin: (product) => cutOff(product, 'payments>bank'),
    states: (now) => now.orders !== null && now.customersHurt,
  },
  {
    what: 'the gateway is cut off',
    begin: (product) => cutOff(product, 'loadgen>gateway'),
    states: (now) => now.orders !== null && now.customersHurt,
  },
  {
    what: 'inventory is gone',
    begin: (product) => remove(product, 'inventory'),
    states: (now) => now.orders !== null && now.customersHurt,
  },
  {
    what: 'the catalog is frozen, while orders go through',
    begin: (product) => freeze(product, service('catalog')),
    states: (now) => now.orders === null && now.customersHurt && now.health('catalog') === 'bad',
  },
  {
    what: 'the database is gone',
    begin: (product) => remove(product, 'postgres'),
    states: (now) => now.orders !== null && now.customersHurt && now.ledgerWaits,
  },
  {
    what: 'the load generator is frozen',
    begin: (product) => freeze(product, service('loadgen')),
    states: (now) =>
      /load generator does not report/.test(now.orders ?? '') && /does not report/.test(now.reason ?? ''),
  },
  {
    what: 'the load generator is gone',
    begin: (product) => remove(product, 'loadgen'),
    states: (now) =>
      /load generator does not report/.test(now.orders ?? '') && /does not report/.test(now.reason ?? ''),
  },
  {
    what: 'the network of the pods is frozen',
    begin: (product) => freeze(product, /network\/data-plane\/main\.ts/),
    states: (now) => now.orders !== null && now.reason !== null,
  },
];

test('every headline states an outage, and that it is over', { skip }, async (t) => {
  const product = await startProduct();
  t.after(() => product.stop());
  const well = (now: Headlines) => now.orders === null && now.reason === null && !now.customersHurt && !now.ledgerWaits;
  await until(product, 'the shop is well', well);
  for (const { what, begin, states } of outages) {
    await t.test(what, async () => {
      const end = await begin(product);
      try {
        await until(product, `the headlines state that ${what}`, states);
      } finally {
        await end();
      }
      await until(product, 'the shop is well again', well);
    });
  }
});
