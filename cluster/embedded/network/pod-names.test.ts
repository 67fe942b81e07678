import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { service, TestNetwork, type TestPod } from './testing/test-network.ts';

let net: TestNetwork;
let orders: TestPod;
let payments: TestPod;

before(async () => {
  net = await TestNetwork.start();
  orders = await net.pod('orders-1');
  payments = await net.pod('payments-1', 'node-2');
  net.network.setServices([
    service('payments', '10.96.0.7', [payments]),
    service('headless', null, [payments]),
    {
      ...service('orders-set', null, [orders]),
      members: [{ uid: 'orders-1', hostname: 'first' }],
      ports: [{ name: 'http', port: 80, endpoints: [{ uid: 'orders-1', port: 8080 }] }],
    },
    { ...service('elsewhere', null, []), externalName: 'further.shop.svc.cluster.local' },
    { ...service('further', null, []), externalName: 'payments.shop.svc.cluster.local' },
    { ...service('circle', null, []), externalName: 'circle.shop.svc.cluster.local' },
    {
      namespace: 'shop',
      name: 'telemetry',
      clusterIP: null,
      members: [{ host: true }],
      ports: [{ name: '', port: 1, endpoints: [{ host: true, port: 1 }] }],
    },
  ]);
});
after(() => net.close());

const lookup = (name: string) =>
  orders.run(async (name) => {
    const dns = await import('node:dns/promises');
    return (await dns.lookup(name, { all: true })).map(({ address }) => address);
  }, name);

for (const name of [
  'payments',
  'Payments',
  'payments.shop',
  'payments.shop.svc',
  'payments.shop.svc.cluster.local',
  'payments.shop.svc.cluster.local.',
]) {
  test(`${name} is the clusterIP of the Service`, async () => {
    assert.deepEqual(await lookup(name), ['10.96.0.7']);
  });
}

test('a headless Service is the addresses of its ready pods, and of the host', async () => {
  assert.deepEqual(await lookup('headless'), [payments.attachment.ip]);
  assert.deepEqual(await lookup('telemetry'), ['10.240.0.1']);
});

test('a pod knows itself by its name', async () => {
  assert.deepEqual(await lookup('orders-1'), [orders.attachment.ip]);
  assert.equal(await orders.run(async () => (await import('node:os')).hostname()), 'orders-1');
});

for (const name of [
  // A dot at the end: not to be searched for.
  'payments.',
  'nosuch',
  'nosuch.shop',
  'payments.nosuch.svc',
  'nosuch.shop.svc.cluster.local',
  'a.cluster.local',
]) {
  test(`${name} is not found`, async () => {
    await assert.rejects(lookup(name), { code: 'ENOTFOUND', message: `getaddrinfo ENOTFOUND ${name}` });
  });
}

test('a name outside the cluster is left to the machine', async () => {
  const asked = await orders.run(async () => {
    const { lookup } = await import('node:dns/promises');
    return [await lookup('127.0.0.1'), await lookup('localhost'), await lookup('::1')];
  });
  assert.deepEqual(asked, [
    { address: '127.0.0.1', family: 4 },
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]);
  await assert.rejects(lookup('www.breakwater.invalid'), (error: NodeJS.ErrnoException) => {
    // The machine's own resolver has the word: it may be without a network.
    return error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN';
  });
});

test('dns.lookup answers in every form it has', async () => {
  const answers = await orders.run(async () => {
    const { default: dns } = await import('node:dns');
    const { promisify } = await import('node:util');
    const call = (options: object | number) =>
      new Promise((resolve) => {
        dns.lookup('payments', options as object, (error, ...answer) => resolve(error ? [error.code] : answer));
      });
    return {
      plain: await new Promise((resolve) => dns.lookup('payments', (_error, ...answer) => resolve(answer))),
      family4: await call({ family: 4 }),
      number4: await call(4),
      family6: await call({ family: 6 }),
      all: await call({ all: true }),
      promisified: await promisify(dns.lookup)('payments'),
    };
  });
  assert.deepEqual(answers, {
    plain: ['10.96.0.7', 4],
    family4: ['10.96.0.7', 4],
    number4: ['10.96.0.7', 4],
    family6: ['ENOTFOUND'],
    all: [[{ address: '10.96.0.7', family: 4 }]],
    promisified: { address: '10.96.0.7', family: 4 },
  });
});

test('a query is answered in every form it has, for the name as it stands', async () => {
  const answers = await orders.run(async () => {
    const { default: dns } = await import('node:dns');
    const { promises } = dns;
    const name = 'payments.shop.svc.cluster.local';
    const message = ({ message }: Error) => message;
    const called = (call: (done: (error: Error | null, records: unknown) => void) => void) =>
      new Promise((resolve) => call((error, records) => resolve(error?.message ?? records)));
    const own = new dns.Resolver();
    const { resolve } = dns;
    return {
      resolve4: await promises.resolve4(name),
      ttl: await promises.resolve4(name, { ttl: true }),
      short: await promises.resolve4('payments').catch(message),
      unknown: await promises.resolve4('nosuch.shop.svc.cluster.local').catch(message),
      none: await promises.resolve6(name).catch(message),
      callback: await called((done) => dns.resolve4(name, done)),
      withType: await called((done) => resolve(name, 'A', done)),
      withoutType: await called((done) => resolve(name, done)),
      ownResolver: await called((done) => own.resolve(name, 'AAAA', done)),
      promised: await new promises.Resolver().resolve(name),
      srv: await promises.resolveSrv('_http._tcp.orders-set.shop.svc.cluster.local'),
      named: await promises.lookup('first.orders-set'),
      dashed: await promises.resolve4('10-244-2-2.shop.pod.cluster.local'),
    };
  });
  assert.deepEqual(answers, {
    resolve4: ['10.96.0.7'],
    ttl: [{ address: '10.96.0.7', ttl: 5 }],
    short: 'queryA ENOTFOUND payments',
    unknown: 'queryA ENOTFOUND nosuch.shop.svc.cluster.local',
    none: 'queryAaaa ENODATA payments.shop.svc.cluster.local',
    callback: ['10.96.0.7'],
    withType: ['10.96.0.7'],
    withoutType: ['10.96.0.7'],
    ownResolver: 'queryAaaa ENODATA payments.shop.svc.cluster.local',
    promised: ['10.96.0.7'],
    srv: [{ name: 'first.orders-set.shop.svc.cluster.local', port: 8080, priority: 0, weight: 100 }],
    named: { address: orders.attachment.ip, family: 4 },
    dashed: [payments.attachment.ip],
  });
});

test('an external name leads where that leads, however far; one that leads to itself leads nowhere', async () => {
  assert.deepEqual(await lookup('elsewhere'), ['10.96.0.7']);
  await assert.rejects(lookup('circle'), { code: 'ENOTFOUND' });
});

test('callbacks of names and of failed connections run in the async context of their caller', async () => {
  const seen = await orders.run(async () => {
    const { AsyncLocalStorage } = await import('node:async_hooks');
    const { lookup } = await import('node:dns');
    const { connect } = await import('node:net');
    const trace = new AsyncLocalStorage<string>();
    return Promise.all([
      trace.run('lookup', () => new Promise((resolve) => lookup('payments', () => resolve(trace.getStore())))),
      trace.run('refused', () => {
        const socket = connect(9, '10.96.0.7');
        return new Promise((resolve) => socket.once('error', () => resolve(trace.getStore())));
      }),
    ]);
  });
  assert.deepEqual(seen, ['lookup', 'refused']);
});
