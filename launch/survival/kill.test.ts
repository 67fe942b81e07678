import assert from 'node:assert/strict';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { root, startProduct, type Product, type ProductOptions } from '../product.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { acceptedOrders } from './accepted-orders.ts';
import { allGone, descendantsOf, processesOf, type RunningProcess } from './processes.ts';

// Every process of ours is killed in turn, and what survives is counted.
const skip = process.platform === 'linux' ? false : 'finds processes through /proc';

async function start(t: TestContext, options?: ProductOptions): Promise<Product> {
  const product = await startProduct(options);
  t.after(() => product.stop());
  return product;
}

const all = (product: Product) => processesOf(product.home, product.process.pid!);

function find(product: Product, command: RegExp): RunningProcess {
  const processes = all(product);
  const found = processes.find((candidate) => command.test(candidate.command));
  assert.ok(found, `no process like ${command} among\n${processes.map((one) => one.command).join('\n')}`);
  return found;
}

const cluster = /cluster\/embedded\/main\.ts/;
const labServer = /server\/main\.ts$/;

/** The apps whose containers were started more than once since their pod was made, with how often. */
async function restarts(product: Product, isMeant: (app: string) => boolean): Promise<string[]> {
  const config = new KubeConfig();
  config.loadFromFile(product.kubeconfig);
  const { items } = await config.makeApiClient(CoreV1Api).listPodForAllNamespaces();
  return items.flatMap(({ metadata, status }) => {
    const app = metadata?.labels?.app ?? '';
    const count = status?.containerStatuses?.[0]?.restartCount ?? 0;
    return isMeant(app) && count > 0 ? [`${app} ${count}`] : [];
  });
}

/** Waits until the shop has accepted another order, with another process than before doing the work. */
async function recovered(product: Product, command: RegExp, old: RunningProcess): Promise<void> {
  const end = performance.now() + 60_000;
  let before: number | null = null;
  for (;;) {
    const now = all(product).find((candidate) => command.test(candidate.command));
    if (now && now.pid !== old.pid) {
      const accepted = await acceptedOrders(product.kubeconfig).catch(() => null); // the database may not be back yet
      before ??= accepted;
      if (before !== null && accepted !== null && accepted > before && (await healthy(product.url))) return;
    }
    assert.ok(performance.now() < end, `not back after a minute:\n${product.output()}`);
    await delay(50);
  }
}

async function healthy(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch((error: Error) => error);
  return answer instanceof Response && answer.status === 200;
}

/** Stops the processes of a service's pods for some seconds; answers those that stand still. */
async function freeze(product: Product, service: string, seconds: number): Promise<RunningProcess[]> {
  const body = JSON.stringify({ kind: 'pod-freeze', target: service, share: '100%', duration: seconds });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${product.url}/api/faults`, { method: 'POST', headers, body });
  assert.equal(answer.status, 201, await answer.text());
  const frozen = all(product).filter(({ command }) => command.includes(`services/${service}/`));
  const end = performance.now() + 5_000;
  while (!(frozen.length > 0 && frozen.every(isStopped))) {
    assert.ok(performance.now() < end, `${service} does not stand still`);
    await delay(25);
  }
  return frozen;
}

function isStopped({ pid }: RunningProcess): boolean {
  return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

test('each of our processes is started again after SIGKILL, without leaving one behind', { skip }, async (t) => {
  const product = await start(t);

  await t.test('the lab server, while the cluster runs on', async () => {
    const clusterBefore = find(product, cluster);
    const old = find(product, labServer);
    // A fault that it has started ends without it.
    const frozen = await freeze(product, 'users', 5);
    process.kill(old.pid, 'SIGKILL');
    await recovered(product, labServer, old);
    assert.equal(find(product, cluster).pid, clusterBefore.pid);
    while (frozen.some(isStopped)) await delay(25);
  });

  await t.test('the cluster, whose pods end within a second and come back', async () => {
    const old = find(product, cluster);
    const below = descendantsOf(old.pid);
    assert.ok(below.length > 10, `only ${below.length} processes in the cluster`);
    process.kill(old.pid, 'SIGKILL');
    await allGone(below, 1_000);
    await recovered(product, cluster, old);
    // Nothing of the dead one was in the way of any of them: each came up at its first try.
    assert.deepEqual(await restarts(product, () => true), []);
  });

  await t.test('the database server, and the next one again at once', async () => {
    const database = /bin\/postgres -D /;
    for (const death of [1, 2]) {
      const old = find(product, database);
      process.kill(old.pid, 'SIGKILL');
      await recovered(product, database, old);
      assert.deepEqual(await restarts(product, (app) => app === 'postgres'), [`postgres ${death}`]);
    }
  });

  await t.test('the data plane', async () => {
    const dataPlane = /network\/data-plane\/main\.ts/;
    const old = find(product, dataPlane);
    process.kill(old.pid, 'SIGKILL');
    await recovered(product, dataPlane, old);
  });

  await t.test('one container', async () => {
    const catalog = /services\/catalog\//;
    const old = find(product, catalog);
    process.kill(old.pid, 'SIGKILL');
    await recovered(product, catalog, old);
  });

  await t.test('and at last the supervisor, with which all end within a second', async () => {
    await freeze(product, 'users', 600);
    const processes = all(product);
    product.process.kill('SIGKILL');
    const ms = await allGone(processes, 1_000);
    t.diagnostic(`${processes.length} processes were gone ${ms.toFixed(0)} ms after SIGKILL of the supervisor`);
  });
});

test('an order made before SIGKILL of the supervisor is there after the next start', { skip }, async (t) => {
  const home = `${temporaryFolder(t)}/home`;
  const first = await start(t, { home });
  const before = await acceptedOrders(first.kubeconfig);
  assert.ok(before > 0, 'no order yet, although the shop accepts orders');
  const processes = all(first);
  process.kill(first.process.pid!, 'SIGKILL');
  await allGone(processes, 1_000);

  const second = await start(t, { home });
  assert.ok((await acceptedOrders(second.kubeconfig)) >= before);

  await t.test('and a third one beside it is refused, without disturbing it', async () => {
    await assert.rejects(startProduct({ home }), {
      message: new RegExp(`Breakwater already runs on .* \\(process \\d+, ${second.url}\\)`),
    });
    assert.ok(await healthy(second.url));
  });
});

for (const [what, killed] of [
  ['npm', /^npm( start| run)/],
  ['the shell between npm and us', /^sh -c .*launch\/start\.mjs/],
] as const) {
  test(`SIGKILL of ${what} ends everything within a second`, { skip }, async (t) => {
    const product = await start(t, { command: ['npm', 'start'] });
    const processes = all(product);
    const target = processes.find(({ command }) => killed.test(command));
    if (!target) return t.skip(`npm starts us without ${what} here`);
    process.kill(target.pid, 'SIGKILL');
    await allGone(processes, 1_000);
  });
}

test('whoever started it is gone before it has begun: it ends by itself, and leaves nothing', { skip }, async (t) => {
  const home = `${temporaryFolder(t)}/home`;
  const gone = spawn('true');
  await once(gone, 'exit');
  const env = { ...process.env, PORT: '0', BREAKWATER_HOME: home, BREAKWATER_STARTER: String(gone.pid) };
  const product = spawn(process.execPath, ['launch/start.mjs'], { cwd: root, env, stdio: 'ignore', detached: true });
  t.after(() => product.kill('SIGKILL'));
  assert.deepEqual(await once(product, 'exit'), [0, null]);
  assert.deepEqual(processesOf(home, product.pid!), []);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(
    `${signal} drains and ends everything within three seconds, frozen pods too, with exit code 0`,
    { skip },
    async (t) => {
      const product = await start(t);
      await freeze(product, 'users', 600);
      const processes = all(product);
      const exit = once(product.process, 'exit');
      product.process.kill(signal);
      const ms = await allGone(processes, 3_000);
      assert.deepEqual(await exit, [0, null]);
      assert.match(product.output(), /Stopped in \d\.\d s\.\n$/);
      t.diagnostic(`${processes.length} processes were gone ${ms.toFixed(0)} ms after ${signal}`);
    },
  );
}

test(
  'it runs on when nobody reads its output any more, and takes all with it also when it is stopped and killed',
  { skip },
  async (t) => {
    const product = await start(t);
    product.process.stdout!.destroy();
    product.process.stderr!.destroy();
    const old = find(product, labServer);
    process.kill(old.pid, 'SIGKILL'); // The supervisor reports that, into the closed pipe.
    await recovered(product, labServer, old);

    const processes = all(product);
    product.process.kill('SIGSTOP');
    product.process.kill('SIGKILL');
    await allGone(processes, 1_000);
  },
);
