import { equal, match, rejects } from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import { PortForward } from '@kubernetes/client-node';
import type { NodeProxy } from '../api.ts';
import { podOf } from '../testing/objects.ts';
import { emptyNode, testServer } from '../testing/test-server.ts';

/** A node whose pods have this machine's ports. */
const node: NodeProxy = {
  ...emptyNode,
  async dial(_pod, port) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  },
};

async function echoPort(t: TestContext): Promise<number> {
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  t.after(() => echo.close());
  await once(echo, 'listening');
  return (echo.address() as AddressInfo).port;
}

async function serverWithPod(t: TestContext) {
  const server = await testServer(t, node);
  await server.api.create('Pod', podOf('web'));
  await server.api.patch('Pod', 'web', 'shop', { status: { phase: 'Running' } }, 'status');
  return server;
}

async function received(stream: PassThrough, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= length) break;
  }
  return Buffer.concat(chunks);
}

describe('port-forward by client-node', () => {
  it('carries bytes both ways, many at once', async (t) => {
    const server = await serverWithPod(t);
    const [output, errors, input] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const forwarder = new PortForward(server.config);
    const socket = await forwarder.portForward('shop', 'web', [await echoPort(t)], output, errors, input);
    const sent = Buffer.alloc(4 * 1024 * 1024, 'ebb and flow ');
    input.write(sent);
    equal((await received(output, sent.length)).equals(sent), true);
    (socket as { close(): void }).close();
  });

  it('closes when the pod does', async (t) => {
    const server = await serverWithPod(t);
    const brief = createServer((socket) => socket.end('bye')).listen(0, '127.0.0.1');
    t.after(() => brief.close());
    await once(brief, 'listening');
    const output = new PassThrough();
    const { port } = brief.address() as AddressInfo;
    const forwarder = new PortForward(server.config);
    const socket = await forwarder.portForward('shop', 'web', [port], output, null, new PassThrough());
    const closed = once(socket as never, 'close');
    equal(String(await received(output, 3)), 'bye');
    await closed;
  });

  it('says on the error channel that nothing listens', async (t) => {
    const server = await serverWithPod(t);
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const errors = new PassThrough();
    await new PortForward(server.config).portForward(
      'shop',
      'web',
      [port],
      new PassThrough(),
      errors,
      new PassThrough(),
    );
    match(String(await received(errors, 1)), /error forwarding port \d+ to pod web, uid .*: connection refused/);
  });

  it('is refused to a pod that does not run, and to one that is not there', async (t) => {
    const server = await testServer(t, node);
    await server.api.create('Pod', podOf('web'));
    const forward = (pod: string, port: number) =>
      new PortForward(server.config).portForward('shop', pod, [port], new PassThrough(), null, new PassThrough());
    const refused = (code: number) => (event: { message?: string }) => new RegExp(`${code}`).test(event.message ?? '');
    await rejects(forward('web', 80), refused(400));
    await rejects(forward('nobody', 80), refused(404));
  });

  it('has as many ports as its channels have numbers', async (t) => {
    const server = await serverWithPod(t);
    const ports = Array.from({ length: 129 }, (_, index) => `ports=${index + 1}`).join('&');
    const { status, json } = await server.send('GET', `/api/v1/namespaces/shop/pods/web/portforward?${ports}`, '', {
      ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      ...{ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-protocol': 'v4.channel.k8s.io' },
    });
    equal(status, 400);
    match(json().message, /128 at the most/);
  });
});
