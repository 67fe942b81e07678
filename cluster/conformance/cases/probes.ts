import assert from 'node:assert/strict';
import { topic } from '../case.ts';
import { eventually } from '../eventually.ts';
import { idle, pod } from '../objects.ts';
import { condition, container, event, inPhase, make, read, ready } from '../pods.ts';

const node = (code: string) => ({ exec: { command: ['node', '-e', code] } });
/** Answers on 8080 by what stands in the path: `/200` with that status, `/to/200` redirects to it. */
const answering = (more = '') => `
process.on('SIGTERM', () => process.exit(0));
require('node:http').createServer((request, response) => {
  let [, first, second] = request.url.split('/');
  ${more}
  if (first === 'to') response.writeHead(302, { location: '/' + second });
  else if (first === 'away') response.writeHead(302, { location: 'http://elsewhere.invalid/' });
  else response.writeHead(Number(first));
  response.end();
}).listen(8080);`;
const get = (path: string, more: object = {}) => ({
  readinessProbe: { httpGet: { port: 'http', path, ...more }, periodSeconds: 1 },
  ports: [{ name: 'http', containerPort: 8080 }],
});
/** Where nobody listens. */
const nobody = { tcpSocket: { port: 9 }, periodSeconds: 1, failureThreshold: 1 };

/** Key and certificate of nobody, for a probe that asks for none. */
const certificate = `
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbUUYrpbD4X2F0LD9
i9M1/OC7+FM7C5gVt5IONN+seMuhRANCAAR15+k+8vDebL99o9nfpFvPhFnHT9Qo
G9s+Xqm3d3jIrugCZrRm8/pFwHg1QusC/YhRVg80pPco0tJq1syB/SfA
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBdDCCARmgAwIBAgIUIbHrUOCZo/A54v+LCfNvH6ZXlrcwCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDcG9kMCAXDTI2MTEyODE0MjIyM1oYDzIxMjYxMTA0MTQyMjIz
WjAOMQwwCgYDVQQDDANwb2QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR15+k+
8vDebL99o9nfpFvPhFnHT9QoG9s+Xqm3d3jIrugCZrRm8/pFwHg1QusC/YhRVg80
pPco0tJq1syB/SfAo1MwUTAdBgNVHQ4EFgQUXK7ndcKtdu64pLMaXZ+NwFV2A3sw
HwYDVR0jBBgwFoAUXK7ndcKtdu64pLMaXZ+NwFV2A3swDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNJADBGAiEAlM8XmLmp27Oc2OZuSiA8+oAwXKCsV/BRg0l3
9yoPKYwCIQDtke1QTDJ0wSyemSrVB8qe58CW1emv2f1NrrSjZlU8og==
-----END CERTIFICATE-----
`;

export const probes = topic('probes', {
  'a command that succeeds makes ready': async (world) => {
    const env = [{ name: 'COLOR', value: 'blue' }];
    const code = `process.exit(process.env.COLOR === 'blue' ? 0 : 1)`;
    await make(world, pod('some', idle, { env, readinessProbe: { ...node(code), timeoutSeconds: 10 } }));
    await ready(world);
  },
  'a program that listens on its own localhost alone is refused, as to everybody': async (world) => {
    const code = `require('node:net').createServer().listen(8080, '127.0.0.1')`;
    const readinessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1, initialDelaySeconds: 1 };
    await make(world, pod('some', code, { readinessProbe }));
    const { message } = await event(world, 'Unhealthy');
    assert.match(message, /^Readiness probe failed: dial tcp .*:8080: connect: connection refused$/);
    assert.equal(condition(await read(world), 'Ready').status, 'False');
  },
  'a command that fails is told with its output': async (world) => {
    const readinessProbe = { ...node(`console.log('not yet'); process.exit(1)`), periodSeconds: 1, timeoutSeconds: 10 };
    await make(world, pod('some', idle, { readinessProbe }));
    const { message, type } = await event(world, 'Unhealthy');
    assert.equal(type, 'Warning');
    assert.equal(message, 'Readiness probe failed: not yet\n');
    assert.equal(condition(await read(world), 'ContainersReady').status, 'False');
  },
  'a command that takes too long has failed': async (world) => {
    const readinessProbe = { ...node('setInterval(() => {}, 1000)'), periodSeconds: 1, timeoutSeconds: 1 };
    await make(world, pod('some', idle, { readinessProbe }));
    const { message } = await event(world, 'Unhealthy');
    assert.match(message, /^Readiness probe failed: command timed out: .* timed out after 1s/);
  },
  'a redirect on the same host is followed': async (world) => {
    await make(world, pod('some', answering(), get('/to/204')));
    await ready(world);
  },
  'what a redirect leads to counts': async (world) => {
    await make(world, pod('some', answering(), get('/to/500')));
    await eventually('it says so', async () => {
      const { items } = (await world.api.get(world.core('events'))).body;
      const messages = items.map(({ message }: { message: string }) => message);
      return messages.includes('Readiness probe failed: HTTP probe failed with statuscode: 500');
    });
    assert.equal((await container(world)).ready, false);
  },
  'a redirect to another host is well, with a warning': async (world) => {
    await make(world, pod('some', answering(), get('/away')));
    await ready(world);
    const { message } = await event(world, 'ProbeWarning');
    assert.match(message, /^Readiness probe warning: Probe terminated redirects/);
  },
  'headers are sent': async (world) => {
    const check = `if (request.headers['x-color'] !== 'blue' || request.headers.host !== 'shop.example') first = 500;`;
    const httpHeaders = [
      { name: 'X-Color', value: 'blue' },
      { name: 'Host', value: 'shop.example' },
    ];
    await make(world, pod('some', answering(check), get('/200', { httpHeaders })));
    await ready(world);
  },
  'https is spoken, and no certificate refused': async (world) => {
    const code = `const { CERT: cert } = process.env;
      require('node:https').createServer({ key: cert, cert }, (_, response) => response.end()).listen(8080);
      process.on('SIGTERM', () => process.exit(0))`;
    const env = [{ name: 'CERT', value: certificate }];
    await make(world, pod('some', code, { env, ...get('/', { scheme: 'HTTPS' }) }));
    await ready(world);
  },
  'a container may become unready, and ready again': async (world) => {
    const code = answering('if (first === "now") first = now;');
    const more = get('/now');
    Object.assign(more.readinessProbe, { failureThreshold: 1 });
    const turns = `let now = 200; setTimeout(() => { now = 500; }, 4000); setTimeout(() => { now = 200; }, 7000);`;
    const events = await world.api.watch(world.core('pods?fieldSelector=metadata.name%3Dsome'));
    await make(world, pod('some', turns + code, more));
    const is = (status: string) => events.until(({ object }) => condition(object, 'Ready')?.status === status);
    await is('True');
    assert.equal(condition((await is('False')).object, 'Ready').reason, 'ContainersNotReady');
    await is('True');
    events.close();
  },
  'the only container of a pod that is not restarted is stopped when it is not alive': async (world) => {
    await make(world, pod('some', idle, { livenessProbe: nobody }, { restartPolicy: 'Never' }));
    await inPhase(world, 'Succeeded');
    await event(world, 'Killing', 'Stopping container main');
  },
  'a probe may leave less time to end than the pod': async (world) => {
    const code = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
    const livenessProbe = { ...nobody, terminationGracePeriodSeconds: 1 };
    await make(world, pod('some', code, { livenessProbe }, { terminationGracePeriodSeconds: 600 }));
    await eventually('it was started again', async () => (await container(world))?.restartCount >= 1);
    assert.equal((await container(world)).lastState.terminated.exitCode, 137);
    assert.equal((await event(world, 'Killing')).message, 'Container main failed liveness probe, will be restarted');
    await world.api.delete(world.core('pods/some?gracePeriodSeconds=0'));
  },
  'one that does not start up is started again': async (world) => {
    await make(world, pod('some', idle, { startupProbe: { ...nobody, failureThreshold: 2 } }));
    await inPhase(world, 'Running');
    await eventually('it was started again', async () => (await container(world))?.restartCount >= 1);
    assert.equal((await event(world, 'Killing')).message, 'Container main failed startup probe, will be restarted');
    const { message } = await event(world, 'Unhealthy');
    assert.match(message, /^Startup probe failed: dial tcp [\d.]+:9: connect: connection refused$/);
  },
});
