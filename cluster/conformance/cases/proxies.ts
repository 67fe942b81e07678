import assert from 'node:assert/strict';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok } from '../expect.ts';
import { pod, service } from '../objects.ts';
import { make, ready } from '../pods.ts';

/** Tells on 8080 what it was asked; `/missing` it has not. */
const mirror = `
process.on('SIGTERM', () => process.exit(0));
require('node:http').createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  response.writeHead(request.url === '/missing' ? 404 : 200, { 'x-mirror': 'yes' });
  response.end(request.method + ' ' + request.url + ' ' + body);
}).listen(8080);
`;
const ports = [{ name: 'http', containerPort: 8080 }];

/** The pod `some` serves, behind the Service `some`, whose port is called `http`. */
async function serving(world: World): Promise<void> {
  const { api, core } = world;
  const readinessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1 };
  await make(world, pod('some', mirror, { ports, readinessProbe }));
  ok(await api.post(core('services'), service('some', { ports: [{ name: 'http', port: 80, targetPort: 'http' }] })));
  await ready(world);
}

export const proxies = topic('proxies', {
  'a pod is asked with method, path, query and body, and its answer comes back': async (world) => {
    await serving(world);
    const { api, core } = world;
    const answer = await api.get(core('pods/some:8080/proxy/a/b?c=d'));
    assert.deepEqual([answer.status, answer.text], [200, 'GET /a/b?c=d ']);
    assert.equal(answer.headers['x-mirror'], 'yes');
    const posted = await api.send('POST', core('pods/http:some:8080/proxy/things'), { body: 'hello' });
    assert.equal(posted.text, 'POST /things hello');
  },
  'an error of the pod’s own is passed on as it is': async (world) => {
    await serving(world);
    const answer = await world.api.get(world.core('pods/some:8080/proxy/missing'));
    assert.deepEqual([answer.status, answer.text], [404, 'GET /missing ']);
  },
  'without a port a pod is asked at its first': async (world) => {
    await serving(world);
    assert.equal((await world.api.get(world.core('pods/some/proxy/'))).text, 'GET / ');
  },
  'a pod that refuses is answered with 503': async (world) => {
    await serving(world);
    const answer = await world.api.get(world.core('pods/some:9/proxy/'));
    assert.equal(answer.status, 503);
    assert.match(answer.body.message, /^error trying to reach service: dial tcp .*: connect: connection refused/);
  },
  'a Service is asked by the name of its port, and by its number': async (world) => {
    await serving(world);
    const { api, core } = world;
    for (const name of ['some:http', 'some:80', 'http:some:http']) {
      // Its endpoints come a moment after its pod.
      await eventually(`${name} is answered`, async () => {
        const { status, text } = await api.get(core(`services/${name}/proxy/x`));
        return status === 200 && text === 'GET /x ';
      });
    }
  },
  'a Service without a ready endpoint is answered with 503': async ({ api, core }) => {
    ok(await api.post(core('services'), service('lonely')));
    const answer = await eventually('its empty endpoints are known', async () => {
      const first = await api.get(core('services/lonely/proxy/'));
      return first.status === 503 && first;
    });
    assert.equal(answer.body.reason, 'ServiceUnavailable');
    assert.equal(answer.body.message, 'no endpoints available for service "lonely"');
  },
  'a Service, and a pod, that there is not is answered with 404': async ({ api, core }) => {
    assert.equal((await api.get(core('services/nobody/proxy/'))).status, 404);
    assert.equal((await api.get(core('pods/nobody/proxy/'))).status, 404);
  },
  'a path without a slash at its end is sent to the one with it': async (world) => {
    await serving(world);
    const answer = await world.api.get(world.core('pods/some:8080/proxy'));
    assert.equal(answer.status, 301);
    assert.match(answer.headers.location!, /\/pods\/some:8080\/proxy\/$/);
  },
});
