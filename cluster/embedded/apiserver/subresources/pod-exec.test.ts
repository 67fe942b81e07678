import { deepEqual, equal, match } from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import { SpdyConnection } from '../../spdy/connection.ts';
import { until } from '../../testing/until.ts';
import { ApiError } from '../api-error.ts';
import type { NodeProxy } from '../api.ts';
import { credentials, EXEC, open } from '../testing/command-client.ts';
import { podOf } from '../testing/objects.ts';
import { emptyNode, testServer, type AnyJson, type TestServer } from '../testing/test-server.ts';

/** Commands of a node: `cat` gives back what it reads, a number ends with it, `wait` waits for the client to leave. */
const exec: NodeProxy['exec'] = async (_pod, _container, [command = ''], { stdin, stdout, stderr }, gone) => {
  if (command === 'cat') for await (const chunk of stdin!) stdout!.write(chunk);
  if (command === 'both') {
    stdout!.write('out');
    stderr!.write('err');
  }
  if (command === 'wait' && !gone.aborted) await once(gone, 'abort');
  // Long enough for what the client has sent at once.
  if (command === 'idle') await new Promise<void>((done) => stdin!.once('readable', () => setImmediate(done)));
  if (command === 'nope') throw new ApiError('InternalError', 'no such program');
  return Number(command) || 0;
};

/** The same, noting when a command begins and ends. */
function noted(calls: string[]): NodeProxy['exec'] {
  return async (...args) => {
    calls.push('begun');
    const code = await exec(...args);
    calls.push('ended');
    return code;
  };
}

async function serverWithPod(t: TestContext, node: Partial<NodeProxy> = {}): Promise<TestServer> {
  const server = await testServer(t, { ...emptyNode, exec, ...node });
  await server.api.create('Pod', podOf('web', { nodeName: 'node-1' }));
  return server;
}

/** The Status with which a request that asks for an upgrade is refused. */
async function refusal(server: TestServer, query: string, headers: Record<string, string> = {}, method = 'GET') {
  const socket = {
    ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
    ...{ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-protocol': 'v5.channel.k8s.io' },
  };
  const answer = await server.send(method, `${EXEC}?${query}`, undefined, { ...socket, ...headers });
  return { status: answer.status, message: (answer.json() as AnyJson).message as string };
}

describe('a command by WebSocket', () => {
  it('has its outputs apart, and its exit code in a Status', async (t) => {
    const server = await serverWithPod(t);
    const both = await (await open(server, 'command=both&stdout=1&stderr=1')).ended();
    deepEqual([both.out, both.err], ['out', 'err']);
    deepEqual(both.status, { metadata: {}, status: 'Success' });
    const { status } = await (await open(server, 'command=7&stdout=1', 'v4.channel.k8s.io')).ended();
    deepEqual([status.reason, status.details.causes], ['NonZeroExitCode', [{ reason: 'ExitCode', message: '7' }]]);
    const { status: failed } = await (await open(server, 'command=nope&stdout=1')).ended();
    deepEqual([failed.status, failed.code, failed.reason], ['Failure', 500, 'InternalError']);
    match(failed.message, /no such program/);
  });

  it('reads its input until the client closes that alone', async (t) => {
    const { socket, ended } = await open(await serverWithPod(t), 'command=cat&stdin=1&stdout=1');
    socket.send(Buffer.from('\0hel'));
    socket.send(Buffer.from('\0lo'));
    socket.send(Buffer.of(255, 0));
    equal((await ended()).out, 'hello');
  });

  it('lets nothing come after the end of its input', async (t) => {
    const calls: string[] = [];
    const { socket, ended } = await open(
      await serverWithPod(t, { exec: noted(calls) }),
      'command=idle&stdin=1&stdout=1',
    );
    // The command reads none of it.
    for (const message of ['\xff\0', '\0late', '\xff\0']) socket.send(Buffer.from(message, 'latin1'));
    equal((await ended()).status.status, 'Success');
    deepEqual(calls, ['begun', 'ended']);
  });

  it('hears of a client that leaves', async (t) => {
    const calls: string[] = [];
    const server = await serverWithPod(t, { exec: noted(calls) });
    const { socket } = await open(server, 'command=wait&stdout=1');
    await until('it runs', () => calls.length === 1);
    socket.terminate();
    await until('the command is told', () => calls.length === 2);
  });

  it('is refused before anything is opened, with what is wrong', async (t) => {
    const server = await serverWithPod(t);
    await server.api.create('Pod', podOf('early'));
    const unknown = await refusal(server, 'command=cat&stdout=1&container=nope');
    deepEqual(unknown, { status: 400, message: 'container nope is not valid for pod web' });
    match((await refusal(server, 'command=cat')).message, /at least 1 of stdin, stdout, stderr/);
    match((await refusal(server, 'command=cat&stdout=1', { 'sec-websocket-protocol': 'v1' })).message, /v5\.channel/);
    const early = await server.send('POST', EXEC.replace('web', 'early') + '?command=cat&stdout=1');
    deepEqual([early.status, early.json().message], [400, 'pod early does not have a host assigned']);
    equal((await server.send('POST', EXEC.replace('web', 'nobody'))).status, 404);
  });

  it('is for those who may create it, also by a GET', async (t) => {
    const server = await serverWithPod(t);
    const allow = (verbs: string[]) =>
      server.api.create('Role', {
        metadata: { name: verbs.join('-'), namespace: 'shop' },
        rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs }],
      });
    await allow(['get']);
    await allow(['get', 'create']);
    for (const [user, role] of Object.entries({ reader: 'get', operator: 'get-create' })) {
      await server.api.create('RoleBinding', {
        metadata: { name: user, namespace: 'shop' },
        subjects: [{ kind: 'User', name: user, apiGroup: 'rbac.authorization.k8s.io' }],
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
      });
    }
    const as = (user: string) => refusal(server, 'command=cat', { 'impersonate-user': user });
    equal((await as('nobody')).status, 403);
    const reader = await as('reader');
    equal(reader.status, 403);
    match(reader.message, /User "reader" cannot create resource "pods\/exec"/);
    equal((await as('operator')).status, 400);
  });
});

/** All that has come when a stream is closed: the server closes the connection right behind it. */
async function heard(stream: Duplex): Promise<string> {
  let all = '';
  stream.on('data', (data: Buffer) => (all += data.toString()));
  await new Promise((resolve) => stream.on('close', resolve).on('error', () => undefined));
  return all;
}

describe('a command by SPDY', () => {
  /** The streams of a command, as kubectl before 1.30 opens them. */
  async function command(server: TestServer, query: string, types: string[]) {
    const { ca, headers } = credentials(server);
    const upgrade = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io' };
    const options = { ca, method: 'POST', headers: { ...headers, ...upgrade } };
    const request = httpsRequest(`${server.url}${EXEC}?${query}`, options).end();
    const [, socket] = (await once(request, 'upgrade')) as [IncomingMessage, Duplex];
    const connection = new SpdyConnection(socket, 'client', () => undefined);
    const streams = types.map((type) => connection.open(new Map([['streamtype', type]])));
    return { connection, streams, socket };
  }

  it('has its streams, its exit code, and an input that ends', async (t) => {
    const server = await serverWithPod(t);
    const { streams } = await command(server, 'command=cat&stdin=1&stdout=1', ['error', 'stdin', 'stdout']);
    const [error, stdin, stdout] = streams;
    stdin!.end('hello');
    const [output, status] = await Promise.all([heard(stdout!), heard(error!)]);
    equal(output, 'hello');
    deepEqual(JSON.parse(status), { metadata: {}, status: 'Success' });
  });

  it('hears of a client that leaves', async (t) => {
    const calls: string[] = [];
    const server = await serverWithPod(t, { exec: noted(calls) });
    const { socket } = await command(server, 'command=wait&stdout=1', ['error', 'stdout']);
    await until('it runs', () => calls.length === 1);
    socket.destroy();
    await until('the command is told', () => calls.length === 2);
  });
});
