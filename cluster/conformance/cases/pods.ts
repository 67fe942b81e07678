import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic } from '../case.ts';
import { eventually } from '../eventually.ts';
import { ok, refused } from '../expect.ts';
import { configMap, idle, pod, web } from '../objects.ts';
import { condition, container, inPhase, log, make, read, ready, output } from '../pods.ts';

const once = { restartPolicy: 'Never' };
export const pods = topic('pods', {
  'one that ends well has succeeded': async (world) => {
    await make(world, pod('some', 'process.exit(0)', {}, once));
    const { status } = await inPhase(world, 'Succeeded');
    const { terminated } = status.containerStatuses[0].state;
    assert.equal(terminated.exitCode, 0);
    assert.equal(terminated.reason, 'Completed');
  },
  'one that ends badly has failed, with its exit code': async (world) => {
    await make(world, pod('some', 'process.exit(3)', {}, once));
    const { status } = await inPhase(world, 'Failed');
    const { terminated } = status.containerStatuses[0].state;
    assert.equal(terminated.exitCode, 3);
    assert.equal(terminated.reason, 'Error');
  },
  'a running one has an address, a node and a start time': async (world) => {
    await make(world, pod('some', idle));
    await ready(world);
    const { spec, status } = await read(world);
    assert.match(status.podIP, /^\d+\.\d+\.\d+\.\d+$/);
    assert.deepEqual(status.podIPs, [{ ip: status.podIP }]);
    assert.ok(status.hostIP);
    assert.ok(status.startTime);
    ok(await world.api.get(`/api/v1/nodes/${spec.nodeName}`));
  },
  'the conditions of a running one all hold': async (world) => {
    await make(world, pod('some', idle));
    await ready(world);
    for (const type of ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'])
      assert.equal(condition(await read(world), type)?.status, 'True', type);
  },
  'one that fails is started again, if it shall be': async (world) => {
    await make(world, pod('some', 'process.exit(1)', {}, { restartPolicy: 'OnFailure' }));
    await eventually('it was started again', async () => (await container(world))?.restartCount >= 1);
    await eventually('it waits for longer', async () => {
      return (await container(world))?.state.waiting?.reason === 'CrashLoopBackOff';
    });
    assert.equal((await container(world)).lastState.terminated.exitCode, 1);
  },
  'one that succeeds is not started again on failure only': async (world) => {
    await make(world, pod('some', '0', {}, { restartPolicy: 'OnFailure' }));
    await inPhase(world, 'Succeeded');
    assert.equal((await container(world)).restartCount, 0);
  },
  'a program that is not there does not start': async (world) => {
    await make(world, pod('some', idle, { command: ['/no/such/program'] }, once));
    await eventually('it says so', async () => {
      const { waiting, terminated } = (await container(world))?.state ?? {};
      return /StartError|RunContainerError|ContainerCannotRun|CreateContainerError/.test(
        `${waiting?.reason} ${terminated?.reason}`,
      );
    });
  },
  'variables come from the spec': async (world) => {
    const env = [{ name: 'COLOR', value: 'blue' }];
    assert.equal(await output(world, 'console.log(process.env.COLOR)', { env }), 'blue\n');
  },
  'variables may use earlier ones': async (world) => {
    const env = [
      { name: 'COLOR', value: 'blue' },
      { name: 'SENTENCE', value: 'it is $(COLOR), not $$(COLOR) or $(NOTHING)' },
    ];
    const said = await output(world, 'console.log(process.env.SENTENCE)', { env });
    assert.equal(said, 'it is blue, not $(COLOR) or $(NOTHING)\n');
  },
  'variables come from a ConfigMap and a Secret': async (world) => {
    ok(await world.api.post(world.core('configmaps'), configMap('colors', { color: 'blue' })));
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'words' }, stringData: { word: 'open' } };
    ok(await world.api.post(world.core('secrets'), secret));
    const env = [
      { name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'colors', key: 'color' } } },
      { name: 'WORD', valueFrom: { secretKeyRef: { name: 'words', key: 'word' } } },
    ];
    assert.equal(await output(world, 'console.log(process.env.COLOR, process.env.WORD)', { env }), 'blue open\n');
  },
  'a whole ConfigMap becomes variables, with a prefix': async (world) => {
    ok(await world.api.post(world.core('configmaps'), configMap('colors', { SKY: 'blue' })));
    const envFrom = [{ prefix: 'MY_', configMapRef: { name: 'colors' } }];
    assert.equal(await output(world, 'console.log(process.env.MY_SKY)', { envFrom }), 'blue\n');
  },
  'a ConfigMap that is not there keeps a container from starting': async (world) => {
    const env = [{ name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'nothing', key: 'color' } } }];
    await make(world, pod('some', idle, { env }));
    await eventually('it says so', async () => {
      return (await container(world))?.state.waiting?.reason === 'CreateContainerConfigError';
    });
    ok(await world.api.post(world.core('configmaps'), configMap('nothing', { color: 'blue' })));
    await ready(world);
  },
  'an optional one may be missing': async (world) => {
    const env = [{ name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'nothing', key: 'color', optional: true } } }];
    assert.equal(await output(world, 'console.log(process.env.COLOR)', { env }), 'undefined\n');
  },
  'fields of the pod become variables': async (world) => {
    const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    const env = [
      field('NAME', 'metadata.name'),
      field('SPACE', 'metadata.namespace'),
      field('APP', "metadata.labels['app']"),
      field('IP', 'status.podIP'),
    ];
    const code = 'const e = process.env; console.log(e.NAME, e.SPACE, e.APP, /^[0-9.]+$/.test(e.IP))';
    assert.equal(await output(world, code, { env }), `some ${world.namespace} some true\n`);
  },
  'limits become variables': async (world) => {
    const resources = { limits: { memory: '64Mi' } };
    const env = [{ name: 'LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.memory' } } }];
    assert.equal(await output(world, 'console.log(process.env.LIMIT)', { env, resources }), `${64 * 1024 * 1024}\n`);
  },
  'the host name is the pod’s': async (world) => {
    assert.equal(await output(world, `console.log(require('node:os').hostname())`), 'some\n');
  },
  'args follow the command': async (world) => {
    const more = { command: ['node', '-e', 'console.log(process.argv.slice(1).join())'], args: ['a', 'b'] };
    assert.equal(await output(world, '', more), 'a,b\n');
  },
  'the log is what was printed, also in part': async (world) => {
    await output(world, 'for (const n of [1, 2, 3]) console.log(n)');
    assert.equal(await log(world), '1\n2\n3\n');
    assert.equal(await log(world, '?tailLines=1'), '3\n');
    assert.equal(await log(world, '?limitBytes=2'), '1\n');
    assert.match(await log(world, '?timestamps=true&tailLines=1'), /^\d{4}-\d\d-\d\dT[\d:.]+Z 3\n$/);
  },
  'the log of the container before can be read': async (world) => {
    const code = `console.log('life'); process.exit(1)`;
    await make(world, pod('some', code, {}, { restartPolicy: 'OnFailure' }));
    await eventually('it was started again', async () => (await container(world))?.restartCount >= 1);
    await eventually('the log is there', async () => (await log(world, '?previous=true')) === 'life\n');
  },
  'what a container has left running ends with it': async (world) => {
    const server = `require('node:net').createServer().listen(9090)`;
    const leaves = `
      const { spawn } = require('node:child_process');
      spawn('node', ['-e', ${JSON.stringify(server)}], { detached: true, stdio: 'ignore' }).unref();
      const look = () => require('node:net').connect(9090).on('error', () => setTimeout(look, 50)).on('connect', () => setTimeout(process.exit, 1000));
      look();`;
    const watches = `
      let last = 'refused';
      const tell = (found) => { if (found !== last) console.log(last = found); setTimeout(look, 50); };
      const look = () => { const s = require('node:net').connect(9090).on('error', () => tell('refused')).on('connect', () => { s.destroy(); tell('answered'); }); };
      look(); process.on('SIGTERM', () => process.exit(0));`;
    const containers = [
      { name: 'main', image: 'node:24', command: ['node', '-e', leaves] },
      { name: 'other', image: 'node:24', command: ['node', '-e', watches] },
    ];
    ok(await world.api.post(world.core('pods'), pod('some', '', {}, { restartPolicy: 'Never', containers })));
    await eventually('it was there, and is gone', async () => {
      const { text } = await world.api.get(world.core('pods/some/log?container=other'));
      return text === 'answered\nrefused\n';
    });
  },
  'the log of a container that is not there is refused': async (world) => {
    await make(world, pod('some', idle));
    await ready(world);
    refused(await world.api.get(world.core('pods/some/log?container=nothing')), 400, 'BadRequest');
  },
  'one is ready when its probe says so': async (world) => {
    const readinessProbe = { httpGet: { port: 8080 }, periodSeconds: 1 };
    const code = `${web}; console.log('up')`;
    await make(world, pod('some', code, { readinessProbe }));
    await ready(world);
    assert.equal((await container(world)).ready, true);
  },
  'one whose probe fails runs and is not ready': async (world) => {
    const readinessProbe = { tcpSocket: { port: 9 }, periodSeconds: 1 };
    await make(world, pod('some', idle, { readinessProbe }));
    await inPhase(world, 'Running');
    await eventually('an event tells why', async () => {
      const { items } = ok(await world.api.get(world.core('events')));
      return items.some(
        ({ reason, message }: Json) => reason === 'Unhealthy' && message.startsWith('Readiness probe failed'),
      );
    });
    assert.equal(condition(await read(world), 'Ready').status, 'False');
    assert.equal(condition(await read(world), 'Ready').reason, 'ContainersNotReady');
  },
  'one that is not alive is started again': async (world) => {
    const livenessProbe = { tcpSocket: { port: 9 }, periodSeconds: 1, failureThreshold: 1 };
    await make(world, pod('some', idle, { livenessProbe }));
    await eventually('it was started again', async () => (await container(world))?.restartCount >= 1);
  },
  'a startup probe holds the others back': async (world) => {
    const startupProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 30 };
    const livenessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 };
    const code = `setTimeout(() => { ${web} }, 2500)`;
    await make(world, pod('some', code, { startupProbe, livenessProbe }));
    await ready(world);
    assert.equal((await container(world)).restartCount, 0);
    assert.equal((await container(world)).started, true);
  },
  'one is asked to go before it is killed': async (world) => {
    const code = `process.on('SIGTERM', () => { console.log('going'); process.exit(0); }); setInterval(() => {}, 1000)`;
    await make(world, pod('some', code, {}, { terminationGracePeriodSeconds: 30 }));
    await ready(world);
    const events = await world.api.watch(world.core('pods?fieldSelector=metadata.name%3Dsome'));
    const answer = await world.api.delete(world.core('pods/some'));
    assert.ok(ok(answer).metadata.deletionTimestamp);
    assert.equal(answer.body.metadata.deletionGracePeriodSeconds, 30);
    const { object } = await events.until(({ type }) => type === 'DELETED');
    events.close();
    assert.equal(object.metadata.name, 'some');
  },
  'one that does not go is killed after its grace': async (world) => {
    const code = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
    await make(world, pod('some', code));
    await ready(world);
    ok(await world.api.delete(world.core('pods/some')));
    await eventually('it is gone', async () => (await world.api.get(world.core('pods/some'))).status === 404);
  },
  'one may be deleted at once': async (world) => {
    await make(world, pod('some', idle));
    await ready(world);
    ok(await world.api.delete(world.core('pods/some?gracePeriodSeconds=0')));
    refused(await world.api.get(world.core('pods/some')), 404, 'NotFound');
  },
  'one that fits no node says so': async (world) => {
    await make(world, pod('some', idle, {}, { nodeSelector: { never: 'there' } }));
    const unschedulable = await eventually('it says so', async () => {
      const scheduled = condition(await read(world), 'PodScheduled');
      return scheduled?.status === 'False' && scheduled;
    });
    assert.equal(unschedulable.reason, 'Unschedulable');
  },
  'one that wants more than there is says so': async (world) => {
    const resources = { requests: { memory: '900Gi' } };
    await make(world, pod('some', idle, { resources }));
    const { message } = await eventually('it says so', async () => {
      const scheduled = condition(await read(world), 'PodScheduled');
      return scheduled?.status === 'False' && scheduled;
    });
    assert.match(message, /Insufficient memory/);
  },
  'one may name its node': async (world) => {
    const { items } = ok(await world.api.get('/api/v1/nodes'));
    const free = items.find(({ spec }: Json) => !spec.taints?.length);
    await make(world, pod('some', idle, {}, { nodeName: free.metadata.name }));
    await ready(world);
    assert.equal((await read(world)).spec.nodeName, free.metadata.name);
  },
  'init containers run first, one after the other': async (world) => {
    const init = (name: string, code: string) => ({ name, image: 'node:24', command: ['node', '-e', code] });
    const initContainers = [init('first', 'console.log(1)'), init('second', 'console.log(2)')];
    await make(world, pod('some', 'console.log(3)', {}, { ...once, initContainers }));
    const { status } = await inPhase(world, 'Succeeded');
    const [first, second] = status.initContainerStatuses.map(({ state }: Json) => state.terminated);
    assert.ok(first.finishedAt <= second.startedAt);
    assert.equal(await log(world, '?container=second'), '2\n');
  },
  'an init container that fails keeps the pod from starting': async (world) => {
    const initContainers = [{ name: 'first', image: 'node:24', command: ['node', '-e', 'process.exit(1)'] }];
    await make(world, pod('some', idle, {}, { ...once, initContainers }));
    await inPhase(world, 'Failed');
  },
  'several containers share the pod’s address': async (world) => {
    const asking = `
      const ask = () => fetch('http://127.0.0.1:8080').then((r) => r.text()).then((text) => { console.log(text); })
        .catch(() => setTimeout(ask, 100));
      ask(); setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(0))`;
    const some = pod('some', web);
    some.spec.containers.push({ name: 'asks', image: 'node:24', command: ['node', '-e', asking] });
    await make(world, some);
    await eventually('it was answered', async () => (await log(world, '?container=asks')) === 'hello\n');
  },
  'conditions of others stay': async (world) => {
    await make(world, pod('some', idle));
    await ready(world);
    const mine = { type: 'example.com/Mine', status: 'True' };
    ok(await world.api.patch(world.core('pods/some/status'), 'strategic-merge', { status: { conditions: [mine] } }));
    ok(await world.api.patch(world.core('pods/some'), 'merge', { metadata: { labels: { more: 'yes' } } }));
    assert.ok(condition(await read(world), 'example.com/Mine'));
    assert.ok(condition(await read(world), 'Ready'));
  },
});
