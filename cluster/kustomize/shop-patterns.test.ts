import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Deployment } from '../embedded/kinds/types.ts';
import { render } from './render.ts';

const manifests = join(import.meta.dirname, '../shop/manifests');

describe('the patterns of the shop, as they are rendered', () => {
  let folder: string;
  let overlays = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shop-patterns-'));
    await cp(manifests, folder, { recursive: true });
  });
  after(() => rm(folder, { recursive: true }));

  async function deployments(components: string[], numbers: string[] = []): Promise<Map<string, Deployment>> {
    const overlay = join(folder, 'overlays', `overlay-${overlays++}`);
    await mkdir(overlay);
    const options = { annotations: { 'config.kubernetes.io/local-config': 'true' } };
    const kustomization = {
      resources: ['../../base'],
      components: components.map((component) => `../../patterns/${component}`),
      configMapGenerator: [{ name: 'pattern-numbers', literals: numbers, options }],
    };
    await writeFile(join(overlay, 'kustomization.yaml'), JSON.stringify(kustomization));
    const all = (await render(overlay, folder)) as unknown as Deployment[];
    return new Map(all.filter(({ kind }) => kind === 'Deployment').map((each) => [each.metadata.name, each]));
  }

  const podsOf = async (service: string, components: string[], numbers: string[] = []) =>
    (await deployments(components, numbers)).get(service)!.spec!.template;

  it('begin new pods for a changed setting that is in the environment, and none for one that is baked in', async () => {
    const cache = (ms: number) => [`catalog-cache=${ms}`];
    const catalog = (components: string[], ms: number) =>
      podsOf('catalog', [...components, 'catalog-cache/number'], cache(ms));
    assert.notDeepEqual(await catalog([], 500), await catalog([], 5_000));
    assert.deepEqual(await catalog(['configuration/baked'], 500), await catalog(['configuration/baked'], 5_000));
  });

  it('treat the canary of orders as they treat orders', async () => {
    const names = async (path: string) =>
      (await readdir(path, { withFileTypes: true })).filter((each) => each.isDirectory()).map(({ name }) => name);
    const patterns = (await names(join(folder, 'patterns'))).filter(
      (name) => !['canary', 'architecture'].includes(name),
    );
    const options = await Promise.all(patterns.map((name) => names(join(folder, 'patterns', name))));
    const most = Math.max(...options.map(({ length }) => length));
    const own = new Set(['RELEASE', 'OTEL_RESOURCE_ATTRIBUTES']);
    /** What a release runs with, but for what it is called. */
    const comparable = (name: string, all: Map<string, Deployment>) => {
      const { template, selector: _selector, ...spec } = all.get(name)!.spec!;
      const containers = template.spec!.containers.map(({ image: _image, env = [], ...container }) => {
        const named = env.filter((variable) => !own.has(variable.name)).map((variable) => [variable.name, variable]);
        return { ...container, env: Object.fromEntries(named) as Record<string, unknown> };
      });
      return { ...spec, pods: { ...template.spec, containers } };
    };
    // The first options of all patterns together, then the second ones ...: each is there once.
    for (let turn = 0; turn < most; turn++) {
      const components = patterns.flatMap((pattern, index) =>
        options[index]![turn] ? [`${pattern}/${options[index]![turn]}`] : [],
      );
      const numbers = ['canary', ...patterns].map((pattern) => `${pattern}=10`);
      const all = await deployments(['canary/number', ...components], numbers);
      assert.deepEqual(comparable('orders-v2', all), comparable('orders', all), `with ${components.join(', ')}`);
    }
  });

  const merged = ['gateway', 'auth', 'users', 'catalog', 'orders', 'inventory', 'payments'];
  const others = async (path: string) =>
    (await readdir(path, { withFileTypes: true }))
      .filter((each) => each.isDirectory())
      .map(({ name }) => name)
      .filter((name) => name !== 'architecture');

  it('leave one Deployment of the modules that a monolith merges, and all that is no module', async () => {
    const [services, monolith] = [await deployments([]), await deployments(['architecture/monolith'])];
    const expected = [...services.keys()].filter((name) => !merged.includes(name)).concat('shop-monolith');
    assert.deepEqual([...monolith.keys()].sort(), expected.sort());
  });

  it('change a monolith wherever they change a service that is part of it, but for what needs services', async () => {
    // What a canary is, and what stands in front of services or in place of the gateway, is nothing for one process.
    const needsServices = ['canary/number', 'gateway/none', 'gateway/nginx'];
    const [before, one] = [await deployments([]), await deployments(['architecture/monolith'])];
    for (const pattern of await others(join(folder, 'patterns'))) {
      for (const option of await others(join(folder, 'patterns', pattern))) {
        const component = `${pattern}/${option}`;
        const numbers = [`${pattern}=10`];
        const after = await deployments([component], numbers);
        const spec = (all: Map<string, Deployment>, name: string) => JSON.stringify(all.get(name)?.spec);
        const changes = merged.some((name) => spec(before, name) !== spec(after, name));
        const changed = await deployments(['architecture/monolith', component], numbers);
        const expected = changes && !needsServices.includes(component);
        assert.equal(spec(one, 'shop-monolith') !== spec(changed, 'shop-monolith'), expected, component);
        for (const name of merged) assert.ok(!changed.has(name), `${component} brings ${name} back`);
      }
    }
  });

  it('give a monolith what they give the services it is made of, whichever are chosen together', async () => {
    /** Variables that are a module's alone where several read the same. */
    const alone: Record<string, string[]> = {
      orders: ['DATABASE_URL', 'MAX_CONCURRENT'],
      payments: ['DATABASE_URL', 'MAX_CONCURRENT', 'PREFETCH'],
      ...{ catalog: ['DATABASE_URL'], users: ['DATABASE_URL'], inventory: ['DATABASE_URL'] },
    };
    // There is no pool of connections to modules of the same process, and no second version of one of them.
    const none = new Set(['UPSTREAM_CONNECTIONS', 'CANARY_PERCENT', 'DATABASE_PASSWORD']);
    const environmentOf = (all: Map<string, Deployment>, name: string) => {
      const { env = [] } = all.get(name)!.spec!.template.spec!.containers.find((each) => each.name === 'service')!;
      return new Map(env.map(({ name, value, valueFrom }) => [name, { value, valueFrom }]));
    };
    const patterns = (await others(join(folder, 'patterns'))).filter((name) => !['canary', 'gateway'].includes(name));
    const options = await Promise.all(patterns.map((name) => others(join(folder, 'patterns', name))));
    const orderOf = async (name: string) =>
      Number(/order: (\d+)/.exec(await readFile(join(folder, 'patterns', name, 'pattern.yaml'), 'utf8'))![1]);
    const orders = await Promise.all(patterns.map(orderOf));
    for (let turn = 0; turn < Math.max(...options.map(({ length }) => length)); turn++) {
      const components = patterns
        .flatMap((pattern, index) =>
          options[index]![turn] ? [{ order: orders[index]!, path: `${pattern}/${options[index]![turn]}` }] : [],
        )
        .sort((a, b) => a.order - b.order)
        .map(({ path }) => path);
      const numbers = patterns.map((pattern) => `${pattern}=10`);
      const services = await deployments(components, numbers);
      const monolith = environmentOf(
        await deployments(['architecture/monolith', ...components], numbers),
        'shop-monolith',
      );
      for (const name of merged) {
        for (const [variable, what] of environmentOf(services, name)) {
          if (none.has(variable)) continue;
          const own = alone[name]?.includes(variable) ? `${name.toUpperCase()}__${variable}` : variable;
          const there = monolith.get(own);
          if (variable === 'DATABASE_URL')
            assert.equal(there?.value?.replace(/\$\([A-Z]+/, '$(DATABASE'), what.value, own);
          // It has the whole Secret.
          else if (variable !== 'JWT_SECRET') assert.deepEqual(there, what, `${own} with ${components.join(', ')}`);
        }
      }
    }
  });
});
