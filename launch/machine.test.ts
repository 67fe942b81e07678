import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { checkDisk, checkMemory, findPort } from './machine.ts';

test('enough memory passes, too little is refused with both figures', () => {
  checkMemory(900, 900);
  assert.throws(() => checkMemory(900, 412), { code: 'too-little-memory', message: /needs 900 MB .* has 412 MB now/ });
});

test('the memory of this machine is known', () => {
  assert.throws(() => checkMemory(10 ** 9), { code: 'too-little-memory', message: /has \d{2,} MB now/ });
});

test('a disk with too little space is refused in one line: which folder, how much is free, what to do', () => {
  checkDisk('/', 0);
  assert.throws(() => checkDisk('/no/such/folder', 10 ** 9), {
    code: 'disk-full',
    message: /MB there, and \d+ MB are free/,
  });
  assert.throws(() => checkDisk('/data/state', 200, 3), {
    code: 'disk-full',
    message: 'The disk of /data/state is full: Breakwater needs 200 MB there, and 3 MB are free.',
    action: /Free some space, or name a folder on another disk: BREAKWATER_HOME=/,
  });
});

test('port 0 becomes a free port', async () => {
  const port = await findPort('127.0.0.1', 0);
  assert.ok(port >= 10_000 && port < 30_000, 'none that a connection could be given meanwhile');
  assert.equal(await findPort('127.0.0.1', port), port, 'and is left free');
});

test('a taken port is refused, with another one to try', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await assert.rejects(findPort('127.0.0.1', port), {
    code: 'port-taken',
    message: `Port ${port} of 127.0.0.1 is taken.`,
  });
});

const ipv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'));
test(
  'a port taken on the loopback is refused for other addresses too',
  { skip: !ipv6 && 'no IPv6 here' },
  async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await assert.rejects(findPort('::1', port), { code: 'port-taken' });
  },
);

test(
  'where any port will do, one that is taken on the loopback is passed over',
  { skip: process.platform !== 'linux' && 'no second address here' },
  async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    const taken = (server.address() as AddressInfo).port;
    const picked = [taken, 0];
    assert.notEqual(await findPort('127.0.0.2', 0, () => picked.shift()!), taken);
    assert.deepEqual(picked, []);
  },
);

test('an address that is not of this machine is refused', async () => {
  await assert.rejects(findPort('192.0.2.1', 0), { code: 'bad-address', message: /of 192\.0\.2\.1/ });
});
