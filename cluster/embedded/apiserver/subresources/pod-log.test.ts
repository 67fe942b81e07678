import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { Log } from '@kubernetes/client-node';
import { badRequest } from '../api-error.ts';
import type { LogOptions, NodeProxy } from '../api.ts';
import { podOf } from '../testing/objects.ts';
import { emptyNode, testServer } from '../testing/test-server.ts';

const LOG = '/api/v1/namespaces/shop/pods/web/log';

describe('the log of a pod', () => {
  it('is what its node says, asked with the options of the query', async (t) => {
    const asked: LogOptions[] = [];
    const node: NodeProxy = {
      ...emptyNode,
      async *logs(pod, container, options) {
        asked.push(options);
        yield Buffer.from(`${pod.metadata.name}/${container}\n`);
      },
    };
    const server = await testServer(t, node);
    await server.api.create('Pod', podOf('web'));
    const { text, headers } = await server.send('GET', `${LOG}?tailLines=5&timestamps=true&sinceSeconds=60`);
    equal(text, 'web/app\n');
    equal(headers['content-type'], 'text/plain');
    const given = Object.entries(asked[0]!).filter(([, value]) => value !== undefined);
    deepEqual(Object.fromEntries(given), { tailLines: 5, timestamps: true, sinceSeconds: 60 });
  });

  it('arrives as it is written', async (t) => {
    const written = new PassThrough();
    const server = await testServer(t, { ...emptyNode, logs: () => written });
    await server.api.create('Pod', podOf('web'));
    const read = new PassThrough();
    await new Log(server.config).log('shop', 'web', 'app', read, { follow: true });
    for (const line of ['first', 'second']) {
      written.write(line);
      const [chunk] = await once(read, 'data');
      equal(String(chunk), line);
    }
    written.end();
    await once(read, 'end');
  });

  it('is no longer asked for once its reader has left', async (t) => {
    const node = new EventEmitter();
    const logs = async function* (_pod: unknown, _container: string, _options: LogOptions, signal: AbortSignal) {
      node.emit('asked');
      if (!signal.aborted) await once(signal, 'abort');
      node.emit('left');
      yield* [];
    };
    const server = await testServer(t, { ...emptyNode, logs });
    await server.api.create('Pod', podOf('web'));
    const [asked, left] = [once(node, 'asked'), once(node, 'left')];
    const reader = new AbortController();
    const answer = server.send('GET', `${LOG}?follow=true`, undefined, {}, reader.signal);
    await asked;
    reader.abort();
    await rejects(answer);
    await left;
  });

  it('is a Status when the node has none', async (t) => {
    const node: NodeProxy = {
      ...emptyNode,
      // eslint-disable-next-line require-yield
      async *logs() {
        throw badRequest('container "app" in pod "web" is waiting to start');
      },
    };
    const server = await testServer(t, node);
    await server.api.create('Pod', podOf('web'));
    const { status, json } = await server.send('GET', LOG);
    equal(status, 400);
    match(json().message, /waiting to start/);
  });

  it('needs to know the container when there are several', async (t) => {
    const server = await testServer(t);
    const containers = ['a', 'b'].map((name) => ({ name, image: 'x' }));
    await server.api.create('Pod', podOf('web', { containers }));
    match((await server.send('GET', LOG)).json().message, /choose one of: \[a b\]/);
    match((await server.send('GET', `${LOG}?container=c`)).json().message, /container c is not valid for pod web/);
    equal((await server.send('GET', `${LOG}?container=b`)).status, 200);
  });
});
