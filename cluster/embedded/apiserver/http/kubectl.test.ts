import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { stringify } from 'yaml';
import { deploymentOf, podOf } from '../testing/objects.ts';
import { installedKubectls, Kubectl } from '../testing/kubectl.ts';
import { emptyNode, openTestServer, type TestServer } from '../testing/test-server.ts';

const installed = installedKubectls();
const skip = installed.length === 0 && 'kubectl is not installed on this machine';

const tide = new EventEmitter();
async function* logs() {
  yield Buffer.from('low tide\n');
  await once(tide, 'turns');
  yield Buffer.from('high tide\n');
}

let server: TestServer;
before(async () => {
  if (!skip) server = await openTestServer({ ...emptyNode, logs });
});
after(() => server?.close());

describe('kubectl', { skip }, () => {
  for (const { version, path } of installed) describe(version, () => checks(path, `v${version.replace('.', '-')}`));
});

function checks(path: string, namespace: string): void {
  let kubectl: Kubectl;
  before(async () => {
    kubectl = new Kubectl(path, server, namespace);
    await server.api.create('Namespace', { metadata: { name: namespace } });
  });

  const deployment = (name: string, replicas?: number) => {
    const { metadata, spec } = deploymentOf(name, replicas);
    return stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...metadata, namespace }, spec });
  };
  const pod = (name: string) => ({ ...podOf(name), metadata: { ...podOf(name).metadata, namespace } });
  const columns = (table: string) => table.split('\n')[0]!.trim().split(/ {2,}/).join(' ');
  const version = (text: string) => /resourceVersion: "(\d+)"/.exec(text)![1];

  it('applies: creates, leaves alone, changes', async () => {
    match(await kubectl.run('apply -f -', deployment('web')), /deployment.apps\/web created/);
    const before = version(await kubectl.run('get deploy web -o yaml'));
    match(await kubectl.run('apply -f -', deployment('web')), /deployment.apps\/web unchanged/);
    equal(version(await kubectl.run('get deploy web -o yaml')), before);
    match(await kubectl.run('apply -f -', deployment('web', 4)), /deployment.apps\/web configured/);
    match(await kubectl.run('get deploy web -o yaml'), /replicas: 4/);
  });

  it('applies on the server: conflicts, by force, and as a diff', async () => {
    const apply = (replicas: number, options: string) =>
      kubectl.run(`apply --server-side ${options} -f -`, deployment('shared', replicas));
    match(await apply(1, '--field-manager=one'), /deployment.apps\/shared serverside-applied/);
    await rejects(apply(2, '--field-manager=two'), /conflict with "one": .spec.replicas/);
    match(await apply(2, '--field-manager=two --force-conflicts'), /serverside-applied/);
    match(await kubectl.run('get deploy shared -o yaml --show-managed-fields'), /manager: two/);
    const diff = kubectl.run('diff --server-side --field-manager=two -f -', deployment('shared', 3));
    await rejects(diff, ({ stdout }: { stdout: string }) => /^- {2}replicas: 2\n\+ {2}replicas: 3$/m.test(stdout));
    await kubectl.run('delete deploy shared');
  });

  it('takes over on the server what it applied by itself before', async () => {
    await kubectl.run('apply -f -', deployment('moved', 1));
    match(await kubectl.run('apply --server-side -f -', deployment('moved', 2)), /serverside-applied/);
    const moved = await kubectl.run('get deploy moved -o yaml --show-managed-fields');
    match(moved, /replicas: 2/);
    match(moved, /operation: Apply/);
    await kubectl.run('delete deploy moved');
  });

  it('creates what it makes itself', async () => {
    const own = `${namespace}-made`;
    equal(await kubectl.run(`create namespace ${own}`), `namespace/${own} created\n`);
    const made = {
      'configmap made --from-literal=a=b': 'configmap/made',
      'secret generic made --from-literal=password=sea': 'secret/made',
      'deployment made --image=app:1 --replicas=3 --port=8080': 'deployment.apps/made',
      'service clusterip made --tcp=80:8080': 'service/made',
      'service nodeport made-np --tcp=80': 'service/made-np',
      'service loadbalancer made-lb --tcp=80:http': 'service/made-lb',
      'service externalname made-name --external-name=db.example': 'service/made-name',
    };
    for (const [what, name] of Object.entries(made)) {
      equal(await kubectl.run(`create ${what} -n ${own}`), `${name} created\n`);
    }
    const { spec } = await server.api.get('Deployment', 'made', own);
    deepEqual([spec?.replicas, spec?.template.spec?.restartPolicy], [3, 'Always']);
    deepEqual((await server.api.get('Secret', 'made', own)).data, { password: 'c2Vh' });
    equal((await server.api.get('Service', 'made-lb', own)).spec?.ports?.[0]?.targetPort, 'http');
  });

  it('refuses to apply a field that is misspelt', async () => {
    const typo = deployment('typo').replace('replicas', 'replcas');
    await rejects(kubectl.run('apply -f -', typo), /unknown field "spec.replcas"/);
  });

  it('applies a List, and refuses one with a misspelt field', async () => {
    const item = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'listed' }, data: { a: 'b' } };
    const list = (object: object) => stringify({ apiVersion: 'v1', kind: 'List', items: [object] });
    match(await kubectl.run('apply -f -', list(item)), /configmap\/listed created/);
    await rejects(kubectl.run('apply -f -', list({ ...item, dada: {} })), /unknown field "dada"/);
    match(await kubectl.run('delete cm listed'), /deleted/);
  });

  it('gets in chunks', async () => {
    for (const name of ['one', 'two', 'three']) {
      await server.api.create('ConfigMap', { metadata: { name, namespace } });
    }
    equal(await kubectl.run('get cm --chunk-size=1 -o name'), 'configmap/one\nconfigmap/three\nconfigmap/two\n');
    match(await kubectl.run('delete cm --all'), /"two" deleted/);
  });

  it('asks what it may do', async () => {
    equal(await kubectl.run('auth can-i create deployments'), 'yes\n');
    match(await kubectl.run('auth can-i --list'), /\*\.\* +\[\] +\[\] +\[\*\]/);
  });

  it('explains fields', async () => {
    match(await kubectl.run('explain pod.spec.containers'), /FIELD: containers <\[\]Container>[^]*List of containers/);
    match(
      await kubectl.run('explain deploy.spec.strategy.rollingUpdate.maxSurge'),
      /<IntOrString>[^]*an int32 or a string/,
    );
    match(await kubectl.run('explain fault.spec'), /share\s<IntOrString>/);
    await rejects(kubectl.run('explain pod.spec.sails'), /field "sails" does not exist/);
  });

  it('gets with the columns people know', async () => {
    equal(columns(await kubectl.run('get deploy')), 'NAME READY UP-TO-DATE AVAILABLE AGE');
    equal(
      columns(await kubectl.run('get deploy -o wide')),
      'NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR',
    );
    match(await kubectl.run('get ns'), new RegExp(`${namespace} +Active`));
    match(
      await kubectl.run('get po,svc,rs,cm,secrets,endpointslices,leases,events,nodes,flt,fltb'),
      /No resources found/,
    );
  });

  it('describes', async () => {
    const text = await kubectl.run('describe deploy web');
    match(text, /Replicas: +4 desired/);
    match(text, /RollingUpdateStrategy: +25% max unavailable, 25% max surge/);
  });

  it('scales', async () => {
    match(await kubectl.run('scale deploy web --replicas=2'), /scaled/);
    equal((await server.api.get('Deployment', 'web', namespace)).spec?.replicas, 2);
  });

  it('restarts a rollout, and waits for it', async () => {
    match(await kubectl.run('rollout restart deploy web'), /restarted/);
    const { metadata, spec } = await server.api.get('Deployment', 'web', namespace);
    ok(spec?.template.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt']);
    const lines = kubectl.lines('rollout status deploy web --timeout=50s');
    match((await lines.next()).value!, /Waiting for deployment/);
    const status = {
      observedGeneration: metadata.generation,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
    };
    await server.api.patch('Deployment', 'web', namespace, { status }, 'status');
    for await (const line of lines) if (/successfully rolled out/.test(line)) return;
    throw new Error('kubectl ended without the word that the rollout is done');
  });

  it('watches', async () => {
    await server.api.create('Pod', pod('watched'));
    const lines = kubectl.lines('get pod -w');
    match((await lines.next()).value!, /^NAME +READY +STATUS +RESTARTS +AGE$/);
    match((await lines.next()).value!, /^watched +0\/1 +Pending/);
    await server.api.patch('Pod', 'watched', namespace, { status: { phase: 'Running' } }, 'status');
    match((await lines.next()).value!, /^watched +0\/1 +Running/);
    await lines.return();
  });

  it('is told why it cannot enter a pod', async () => {
    await rejects(kubectl.run('exec watched -- ls'), /pod watched does not have a host assigned/);
    await rejects(kubectl.run('exec watched -c other -- ls'), /container other is not valid for pod watched/);
    await rejects(kubectl.run('port-forward nobody :80'), /pods "nobody" not found/);
  });

  it('creates, gets, describes and deletes faults', async () => {
    const fault = (name: string, spec: object) =>
      stringify({ apiVersion: 'faults.breakwater.dev/v1alpha1', kind: 'Fault', metadata: { name }, spec });
    const slow = fault('slow', {
      type: 'bank-slow',
      target: { service: 'bank' },
      share: 2,
      parameters: { delayMs: 500 },
    });
    match(await kubectl.run('create -f -', slow), /fault.faults.breakwater.dev\/slow created/);
    match(
      await kubectl.run('apply -f -', fault('net', { type: 'edge-latency', target: { edge: 'a>b' } })),
      /net created/,
    );
    equal(
      columns(await kubectl.run('get faults')),
      'NAME TYPE TARGET SHARE PHASE LEFT DELAYED FAILED KILLED SENT PODS AGE',
    );
    match(await kubectl.run('get flt'), /net +edge-latency +a>b +100% [^]*slow +bank-slow +bank +2 /);
    match(await kubectl.run('describe fault slow'), /Delay Ms: +500\n +Percent: +60\n +Share: +2\n[^]*Service: +bank/);
    for (const [spec, problem] of [
      [
        { type: 'meteor', target: { service: 'bank' } },
        /spec.type: Invalid value: "meteor": must be one of bank-slow, /,
      ],
      [{ type: 'bank-slow', target: { edge: 'a>b' } }, /spec.target: Invalid value: .*: bank-slow acts on one service/],
      [{ type: 'edge-latency', target: { edge: 'bank' } }, /spec.target.edge: .*must be source>destination/],
      [{ type: 'bank-slow', target: { service: 'bank' }, parameters: { depth: 1 } }, /it has delayMs, percent/],
      [{ type: 'bank-slow', target: { service: 'bank' }, parameters: { percent: 101 } }, /must be from 1 to 100 %/],
      [{ type: 'bank-slow', target: { service: 'bank' }, duration: '2h' }, /spec.duration: .*must be from 1s to 900s/],
      [
        { type: 'bank-slow', target: { service: 'bank' }, share: 'most' },
        /spec.share: .*must be "one", a whole number/,
      ],
      [{ type: 'bank-slow' }, /spec.target: Required value: what it acts on/],
    ] as const) {
      await rejects(kubectl.run('create -f -', fault('bad', spec)), problem);
    }
    await rejects(kubectl.run('apply -f -', slow.replace('500', '600')), /a fault cannot be changed: delete it/);
    match(await kubectl.run('delete fault --all'), /"net" deleted[^]*"slow" deleted/);
  });

  it('follows logs', async () => {
    const lines = kubectl.lines('logs -f watched');
    equal((await lines.next()).value, 'low tide');
    tide.emit('turns');
    equal((await lines.next()).value, 'high tide');
    equal((await lines.next()).done, true);
  });

  it('deletes, and waits until it is gone', async () => {
    match(await kubectl.run('delete deploy web'), /deleted/);
    match(await kubectl.run('delete pod watched'), /deleted/);
    await rejects(kubectl.run('get deploy web'), /deployments.apps "web" not found/);
  });
}
