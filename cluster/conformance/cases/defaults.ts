import assert from 'node:assert/strict';
import { topic } from '../case.ts';
import { invalid, ok } from '../expect.ts';
import { deployment, idle, pod, service } from '../objects.ts';

/** Never scheduled: these cases look at what is stored. */
const nowhere = { nodeSelector: { never: 'there' } };

export const defaults = topic('defaults and validation', {
  'of a Deployment': async ({ api, apps }) => {
    const some = deployment('some', 0);
    delete some.spec.replicas;
    const { spec } = ok(await api.post(apps('deployments?dryRun=All'), some));
    assert.equal(spec.replicas, 1);
    assert.equal(spec.revisionHistoryLimit, 10);
    assert.equal(spec.progressDeadlineSeconds, 600);
    assert.deepEqual(spec.strategy, {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
    });
  },
  'of a Pod': async ({ api, core }) => {
    const some = pod('some', idle, {}, nowhere);
    delete some.spec.terminationGracePeriodSeconds;
    const { spec } = ok(await api.post(core('pods?dryRun=All'), some));
    assert.equal(spec.restartPolicy, 'Always');
    assert.equal(spec.dnsPolicy, 'ClusterFirst');
    assert.equal(spec.terminationGracePeriodSeconds, 30);
    const [main] = spec.containers;
    assert.equal(main.imagePullPolicy, 'IfNotPresent');
    assert.equal(main.terminationMessagePath, '/dev/termination-log');
    assert.equal(main.terminationMessagePolicy, 'File');
  },
  'an image without a tag, or of the latest, is always pulled': async ({ api, core }) => {
    for (const image of ['node', 'node:latest']) {
      const { spec } = ok(await api.post(core('pods?dryRun=All'), pod('some', idle, { image }, nowhere)));
      assert.equal(spec.containers[0].imagePullPolicy, 'Always');
    }
  },
  'of a probe': async ({ api, core }) => {
    const readinessProbe = { httpGet: { port: 8080 } };
    const { spec } = ok(await api.post(core('pods?dryRun=All'), pod('some', idle, { readinessProbe }, nowhere)));
    assert.deepEqual(spec.containers[0].readinessProbe, {
      httpGet: { path: '/', port: 8080, scheme: 'HTTP' },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    });
  },
  'of a Service': async ({ api, core }) => {
    const { spec } = ok(await api.post(core('services?dryRun=All'), service('some', { ports: [{ port: 80 }] })));
    assert.equal(spec.type, 'ClusterIP');
    assert.equal(spec.sessionAffinity, 'None');
    assert.equal(spec.internalTrafficPolicy, 'Cluster');
    assert.deepEqual(spec.ports, [{ port: 80, protocol: 'TCP', targetPort: 80 }]);
  },
  'requests follow limits where they are not said': async ({ api, core }) => {
    const resources = { limits: { memory: '64Mi' } };
    const { spec } = ok(await api.post(core('pods?dryRun=All'), pod('some', idle, { resources }, nowhere)));
    assert.deepEqual(spec.containers[0].resources, { limits: { memory: '64Mi' }, requests: { memory: '64Mi' } });
  },
  'a quantity is kept in its canonical form': async ({ api, core }) => {
    const resources = { requests: { cpu: '0.5', memory: '1024Mi' } };
    const { spec } = ok(await api.post(core('pods?dryRun=All'), pod('some', idle, { resources }, nowhere)));
    assert.deepEqual(spec.containers[0].resources.requests, { cpu: '500m', memory: '1Gi' });
  },
  'a pod without limits or requests is of best effort': async ({ api, core }) => {
    const { status } = ok(await api.post(core('pods?dryRun=All'), pod('some', idle, {}, nowhere)));
    assert.equal(status.qosClass, 'BestEffort');
  },
  'a pod with equal limits and requests is guaranteed, however they are written': async ({ api, core }) => {
    const resources = { limits: { cpu: '1', memory: '64Mi' }, requests: { cpu: '1000m', memory: '64Mi' } };
    const { status } = ok(await api.post(core('pods?dryRun=All'), pod('some', idle, { resources }, nowhere)));
    assert.equal(status.qosClass, 'Guaranteed');
  },
  'a pod with requests alone is burstable': async ({ api, core }) => {
    const resources = { requests: { memory: '64Mi' } };
    const { status } = ok(await api.post(core('pods?dryRun=All'), pod('some', idle, { resources }, nowhere)));
    assert.equal(status.qosClass, 'Burstable');
  },
  'requests above limits are invalid': async ({ api, core }) => {
    const resources = { limits: { memory: '64Mi' }, requests: { memory: '128Mi' } };
    const answer = await api.post(core('pods?dryRun=All'), pod('some', idle, { resources }, nowhere));
    invalid(answer, 'spec.containers[0].resources.requests');
  },
  'a quantity that is none is refused': async ({ api, core }) => {
    const resources = { requests: { memory: 'much' } };
    const { status } = await api.post(core('pods?dryRun=All'), pod('some', idle, { resources }, nowhere));
    assert.ok(status === 400 || status === 422, String(status));
  },
  'a pod without containers is invalid': async ({ api, core }) => {
    invalid(await api.post(core('pods?dryRun=All'), pod('some', idle, {}, { containers: [] })), 'spec.containers');
  },
  'two containers of one name are invalid': async ({ api, core }) => {
    const some = pod('some', idle, {}, nowhere);
    some.spec.containers.push({ ...some.spec.containers[0] });
    invalid(await api.post(core('pods?dryRun=All'), some), 'spec.containers[1].name');
  },
  'two ports of one name are invalid': async ({ api, core }) => {
    const ports = [8080, 8081].map((containerPort) => ({ name: 'http', containerPort }));
    const answer = await api.post(core('pods?dryRun=All'), pod('some', idle, { ports }, nowhere));
    invalid(answer, 'spec.containers[0].ports[1].name');
  },
  'a port out of range is invalid': async ({ api, core }) => {
    const ports = [{ containerPort: 70_000 }];
    const answer = await api.post(core('pods?dryRun=All'), pod('some', idle, { ports }, nowhere));
    invalid(answer, 'spec.containers[0].ports[0].containerPort');
  },
  'a variable must have a name': async ({ api, core }) => {
    const env = [{ name: '', value: '1' }];
    const answer = await api.post(core('pods?dryRun=All'), pod('some', idle, { env }, nowhere));
    invalid(answer, 'spec.containers[0].env[0].name');
  },
  'a variable’s name has no equals sign': async ({ api, core }) => {
    const env = [{ name: 'A=B', value: '1' }];
    const answer = await api.post(core('pods?dryRun=All'), pod('some', idle, { env }, nowhere));
    invalid(answer, 'spec.containers[0].env[0].name');
  },
  'a mount of a volume that is not there is invalid': async ({ api, core }) => {
    const volumeMounts = [{ name: 'nothing', mountPath: '/data' }];
    const answer = await api.post(core('pods?dryRun=All'), pod('some', idle, { volumeMounts }, nowhere));
    invalid(answer, 'spec.containers[0].volumeMounts[0].name');
  },
  'a restart policy that nobody knows is invalid': async ({ api, core }) => {
    const answer = await api.post(core('pods?dryRun=All'), pod('some', idle, {}, { restartPolicy: 'Sometimes' }));
    invalid(answer, 'spec.restartPolicy');
  },
  'a Deployment’s selector must fit its template': async ({ api, apps }) => {
    const some = deployment('some', 0);
    some.spec.selector.matchLabels = { app: 'other' };
    invalid(await api.post(apps('deployments?dryRun=All'), some), 'spec.template.metadata.labels');
  },
  'a Deployment wants a selector': async ({ api, apps }) => {
    const some = deployment('some', 0);
    delete some.spec.selector;
    invalid(await api.post(apps('deployments?dryRun=All'), some), 'spec.selector');
  },
  'replicas are not negative': async ({ api, apps }) => {
    invalid(await api.post(apps('deployments?dryRun=All'), deployment('some', -1)), 'spec.replicas');
  },
  'a roll may not be forbidden altogether': async ({ api, apps }) => {
    const strategy = { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } };
    const answer = await api.post(apps('deployments?dryRun=All'), deployment('some', 1, idle, { strategy }));
    invalid(answer, 'spec.strategy.rollingUpdate.maxUnavailable');
  },
  'no more than all may be unavailable': async ({ api, apps }) => {
    const strategy = { rollingUpdate: { maxUnavailable: '150%' } };
    const answer = await api.post(apps('deployments?dryRun=All'), deployment('some', 1, idle, { strategy }));
    invalid(answer, 'spec.strategy.rollingUpdate.maxUnavailable');
  },
  'Recreate has no bounds of a rolling update': async ({ api, apps }) => {
    const strategy = { type: 'Recreate', rollingUpdate: { maxSurge: 1 } };
    const answer = await api.post(apps('deployments?dryRun=All'), deployment('some', 1, idle, { strategy }));
    invalid(answer, 'spec.strategy.rollingUpdate');
  },
  'ports of a Service must be named when there are several': async ({ api, core }) => {
    const answer = await api.post(
      core('services?dryRun=All'),
      service('some', { ports: [{ port: 80 }, { port: 81 }] }),
    );
    invalid(answer, 'spec.ports[0].name');
  },
  'a Service has a port': async ({ api, core }) => {
    invalid(await api.post(core('services?dryRun=All'), service('some', { ports: [] })), 'spec.ports');
  },
  'most of a pod’s spec cannot be changed': async ({ api, core }) => {
    ok(await api.post(core('pods'), pod('some', idle, {}, nowhere)));
    const containers = [{ name: 'main', command: ['node', '-e', '0'] }];
    invalid(await api.patch(core('pods/some'), 'strategic-merge', { spec: { containers } }), 'spec');
  },
});
