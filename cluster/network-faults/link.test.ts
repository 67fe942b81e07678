import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test, type TestContext } from 'node:test';
import { acting, Relay } from './testing/relay.ts';

const slow = (delayMs: number) => acting({ type: 'latency', attributes: { delayMs, jitterMs: 0 } });

/** A caller, and a callee that echoes. */
async function echo(t: TestContext) {
  const relay = await Relay.before(
    t,
    createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)),
  );
  const caller = connect({ port: relay.port, host: '127.0.0.1' }).setNoDelay(true);
  t.after(() => caller.destroy());
  await once(caller, 'connect');
  const call = async (text: string) => {
    const since = performance.now();
    caller.write(text);
    const [answer] = (await once(caller, 'data')) as [Buffer];
    return { answer: String(answer), ms: performance.now() - since };
  };
  return { relay, caller, call };
}

test('a delay acts on a live connection, each way, and its end too', async (t) => {
  const { relay, call } = await echo(t);
  await call('a');
  relay.set(slow(100));
  const { answer, ms } = await call('b');
  assert.equal(answer, 'b');
  assert.ok(ms >= 200, `${ms} ms`);
  relay.set(slow(60_000));
  const held = call('c');
  relay.set();
  assert.equal((await held).answer, 'c');
});

test('two delays add up, and one that stays when the other ends has still acted', async (t) => {
  const { relay, call } = await echo(t);
  const [stays, goes] = [slow(100), slow(60_000)];
  relay.set(stays, goes);
  const held = call('a');
  setImmediate(() => relay.set(stays));
  const { ms } = await held;
  assert.ok(ms >= 200 && ms < 30_000, `${ms} ms`);
});

test('a call is counted once by each fault that holds it, whatever comes and goes meanwhile', async (t) => {
  const { relay, call } = await echo(t);
  const [one, two] = [slow(20), slow(10)];
  relay.set(one);
  const first = call('a');
  setTimeout(() => relay.set(one, two), 10);
  await first;
  await call('b');
  assert.deepEqual([one.counts.delayed, two.counts.delayed], [2, 2]);
});

test('the end of the caller arrives after its bytes, and the end of the callee comes back', async (t) => {
  const { relay, caller } = await echo(t);
  relay.set(slow(20));
  caller.end('last words');
  let heard = '';
  for await (const chunk of caller) heard += String(chunk);
  assert.equal(heard, 'last words');
});
