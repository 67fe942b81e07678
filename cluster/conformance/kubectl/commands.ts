import { deepEqual, doesNotMatch, equal, match, notEqual } from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { eventually } from '../eventually.ts';
import { configMap, deployment, idle, pod, service, web } from '../objects.ts';
import { firstOutput, type Kubectl } from './kubectl.ts';

/** What everybody does with kubectl, in the order in which one would; each builds on those before. */
export interface Command {
  title: string;
  /** What the cluster has to have beside Kubernetes itself. */
  needs?: 'metrics';
  run(kubectl: Kubectl): Promise<void>;
}

const manifest = (...objects: object[]) => objects.map((object) => stringify(object)).join('---\n');
const columns = (table: string) => table.split('\n')[0]!.trim().split(/ {2,}/).join(' ');

function commands(list: Record<string, Command['run'] | Omit<Command, 'title'>>): Command[] {
  return Object.entries(list).map(([title, given]) =>
    typeof given === 'function' ? { title, run: given } : { title, ...given },
  );
}

const greeting = { ...configMap('greeting', { color: 'blue' }) };

export const everydayCommands: Command[] = commands({
  'version, cluster-info, api-versions and api-resources': async (kubectl) => {
    match(await kubectl.run('version'), /Server Version: v1\.\d+/);
    match(await kubectl.run('cluster-info'), /control plane.* is running at/);
    match(await kubectl.run('api-versions'), /^apps\/v1$[^]*^v1$/m);
    match(await kubectl.run('api-resources --namespaced=true'), /^deployments +deploy +apps\/v1 +true +Deployment$/m);
  },
  'create configmap, secret and namespace-bound objects by name': async (kubectl) => {
    match(await kubectl.run('create configmap made --from-literal=a=1'), /configmap\/made created/);
    match(await kubectl.run('create secret generic hidden --from-literal=key=value'), /secret\/hidden created/);
    equal(await kubectl.run(['get', 'secret', 'hidden', '-o', 'jsonpath={.data.key}']), 'dmFsdWU=');
    match(await kubectl.run('create serviceaccount robot'), /serviceaccount\/robot created/);
    match(await kubectl.run('create role reader --verb=get,list --resource=pods'), /role.* created/);
    match(await kubectl.run('create rolebinding robots --role=reader --serviceaccount=default:robot'), /created/);
    match(await kubectl.run('get role,rolebinding,serviceaccount'), /role.*\/reader[^]*rolebinding.*\/robots/);
  },
  'create token': async (kubectl) => {
    equal((await kubectl.run('create token robot')).trim().split('.').length, 3);
  },
  'auth can-i': async (kubectl) => {
    equal((await kubectl.run('auth can-i create pods')).trim(), 'yes');
  },
  'apply: creates, leaves alone, changes, and shows the difference before': async (kubectl) => {
    match(await kubectl.run('apply -f -', manifest(greeting)), /configmap\/greeting created/);
    match(await kubectl.run('apply -f -', manifest(greeting)), /configmap\/greeting unchanged/);
    const changed = { ...greeting, data: { color: 'red' } };
    const { code, output } = await kubectl.end('diff -f -', manifest(changed));
    equal(code, 1);
    match(output, /-.*color: blue\n\+.*color: red/);
    match(await kubectl.run('apply -f - --dry-run=server', manifest(changed)), /configured \(server dry run\)/);
    match(await kubectl.run('apply -f -', manifest(changed)), /configmap\/greeting configured/);
  },
  'apply refuses a field that there is not': async (kubectl) => {
    const typo = { ...greeting, dota: {} };
    const { code, output } = await kubectl.end('apply -f -', manifest(typo));
    equal(code, 1);
    match(output, /unknown field "dota"/);
  },
  'apply --server-side: conflicts, force, field managers': async (kubectl) => {
    const shared = configMap('shared');
    const apply = (color: string, options: string) =>
      kubectl.end(`apply --server-side ${options} -f -`, manifest({ ...shared, data: { color } }));
    match((await apply('blue', '--field-manager=one')).output, /serverside-applied/);
    match((await apply('red', '--field-manager=two')).output, /conflict with "one": \.data\.color/);
    match((await apply('red', '--field-manager=two --force-conflicts')).output, /serverside-applied/);
    match(await kubectl.run('get cm shared -o yaml --show-managed-fields'), /manager: two/);
  },
  'apply --prune and delete -f': async (kubectl) => {
    const labelled = (name: string) => configMap(name, { a: 'b' }, { labels: { set: 'pruned' } });
    await kubectl.run('apply -f -', manifest(labelled('kept'), labelled('dropped')));
    const kinds = '--prune-allowlist=core/v1/ConfigMap';
    match(await kubectl.run(`apply -f - --prune -l set=pruned ${kinds}`, manifest(labelled('kept'))), /dropped pruned/);
    match(await kubectl.run('delete -f -', manifest(labelled('kept'))), /"kept" deleted/);
  },
  'apply -k': async (kubectl) => {
    writeFileSync(join(kubectl.folder, 'kustomization.yaml'), 'resources: [map.yaml]\nnamePrefix: k-\n');
    writeFileSync(join(kubectl.folder, 'map.yaml'), JSON.stringify(configMap('map')));
    match(await kubectl.run(['apply', '-k', kubectl.folder]), /configmap\/k-map created/);
  },
  'edit, patch, replace, label and annotate': async (kubectl) => {
    await kubectl.run('create configmap edited --from-literal=color=blue');
    match(await kubectl.run('edit configmap edited'), /configmap\/edited edited/);
    equal(await kubectl.run(['get', 'cm', 'edited', '-o', 'jsonpath={.data.color}']), 'green');
    for (const [type, patch] of [
      ['merge', '{"data":{"merge":"1"}}'],
      ['strategic', '{"data":{"strategic":"1"}}'],
      ['json', '[{"op":"add","path":"/data/json","value":"1"}]'],
    ] as const)
      match(await kubectl.run(['patch', 'cm', 'edited', `--type=${type}`, '-p', patch]), /patched/);
    match(await kubectl.run('label cm edited team=a'), /labeled/);
    match(await kubectl.run('annotate cm edited note=b'), /annotated/);
    match(await kubectl.run('get cm -l team=a --show-labels'), /edited +4 .*team=a/);
    match(await kubectl.run('replace -f -', manifest(configMap('edited', { only: 'this' }))), /replaced/);
    equal(await kubectl.run(['get', 'cm', 'edited', '-o', 'jsonpath={.data}']), '{"only":"this"}');
  },
  explain: async (kubectl) => {
    match(await kubectl.run('explain deployment.spec.strategy'), /FIELD|RESOURCE|KIND/);
    match(await kubectl.run('explain pod.spec.containers'), /image/);
    match(await kubectl.run('explain statefulset --recursive'), /podManagementPolicy/);
  },
  'a Deployment rolls out, and its Service has endpoints': async (kubectl) => {
    const probe = { readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 }, ports: [{ containerPort: 8080 }] };
    await kubectl.run('apply -f -', manifest(deployment('web', 2, web, {}, probe), service('web')));
    match(await kubectl.run('rollout status deploy/web'), /successfully rolled out/);
    match(await kubectl.run('wait --for=condition=Available deploy/web --timeout=30s'), /condition met/);
    match(await kubectl.run('wait --for=jsonpath={.status.readyReplicas}=2 deploy/web --timeout=30s'), /condition met/);
    match(await kubectl.run('get endpointslices -l kubernetes.io/service-name=web --no-headers'), / 8080 +\d+\./);
  },
  'get: wide, names, selectors, custom columns, sorted, all': async (kubectl) => {
    equal(columns(await kubectl.run('get pods')), 'NAME READY STATUS RESTARTS AGE');
    match(columns(await kubectl.run('get pods -o wide')), /^NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE/);
    equal(
      columns(await kubectl.run('get deploy -o wide')),
      'NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR',
    );
    match(await kubectl.run('get all'), /pod\/web-[^]*service\/web[^]*deployment.apps\/web[^]*replicaset.apps\/web-/);
    match(await kubectl.run('get pods -l app=web -o name'), /^pod\/web-\S+\npod\/web-\S+\n$/);
    match(await kubectl.run('get pods --field-selector status.phase=Running --no-headers'), /web-/);
    match(await kubectl.run('get pods -o custom-columns=NAME:.metadata.name --sort-by=.metadata.name'), /^NAME\nweb-/);
  },
  'get -w shows a change': async (kubectl) => {
    const watch = kubectl.start('get cm greeting -w -o yaml');
    let text = '';
    watch.stdout.on('data', (data: Buffer) => (text += data));
    await eventually('the first state is shown', async () => text.includes('color: red'));
    await kubectl.run(['patch', 'cm', 'greeting', '-p', '{"data":{"color":"violet"}}']);
    await eventually('the change is shown', async () => text.includes('color: violet'));
    watch.kill();
  },
  describe: async (kubectl) => {
    match(await kubectl.run('describe deploy web'), /ScalingReplicaSet/);
    match(await kubectl.run('describe pods -l app=web'), /Normal +Scheduled [^]*Normal +Started /);
    match(await kubectl.run('describe service web'), /Endpoints: +\d+\.\d+\.\d+\.\d+:8080/);
    match(await kubectl.run('describe nodes'), /Allocated resources:/);
  },
  events: async (kubectl) => {
    match(await kubectl.run('events --for deployment/web'), /ScalingReplicaSet/);
    match(await kubectl.run('get events --field-selector reason=ScalingReplicaSet'), /deployment\/web/);
  },
  'logs: one, of a selector, all containers, tail, previous refused': async (kubectl) => {
    await kubectl.run('apply -f -', manifest(pod('talker', `console.log('one\\ntwo'); ${idle}`)));
    await kubectl.run('wait --for=condition=Ready pod/talker --timeout=30s');
    await eventually('it has spoken', async () => (await kubectl.run('logs talker')) === 'one\ntwo\n');
    equal(await kubectl.run('logs talker --tail=1'), 'two\n');
    equal(await kubectl.run('logs -l app=talker --all-containers --prefix --tail=1'), '[pod/talker/main] two\n');
    match(await kubectl.run('logs talker --timestamps --since=1h'), /^\d{4}-\d\d-\d\dT\S+ one$/m);
    match((await kubectl.end('logs talker --previous')).output, /previous terminated container/);
  },
  'logs -f goes on until the pod is gone': async (kubectl) => {
    const program = `process.once('SIGTERM', () => { console.log('draining'); process.exit(); }); console.log('serving')`;
    await kubectl.run('apply -f -', manifest(pod('speaker', `${program}; ${idle}`)));
    await kubectl.run('wait --for=condition=Ready pod/speaker --timeout=30s');
    const follower = kubectl.start('logs -f speaker');
    let log = '';
    follower.stdout.on('data', (data: Buffer) => (log += data));
    const closed = once(follower, 'close');
    await eventually('it shows what is there', async () => log === 'serving\n');
    await kubectl.run('delete pod speaker');
    deepEqual(await closed, [0, null]);
    equal(log, 'serving\ndraining\n');
  },
  'exec: output, exit code, stdin': async (kubectl) => {
    equal(await kubectl.run(['exec', 'talker', '--', 'node', '-p', '6 * 7']), '42\n');
    equal((await kubectl.end(['exec', 'talker', '--', 'node', '-e', 'process.exit(3)'])).code, 3);
    const upper = 'process.stdin.on("data", (data) => process.stdout.write(String(data).toUpperCase()))';
    equal(await kubectl.run(['exec', '-i', 'talker', '--', 'node', '-e', upper], 'quiet'), 'QUIET');
  },
  'cp: there and back': async (kubectl) => {
    const [there, back] = [join(kubectl.folder, 'there.txt'), join(kubectl.folder, 'back.txt')];
    writeFileSync(there, 'carried');
    const scratch = { volumes: [{ name: 'scratch', emptyDir: {} }] };
    const mounted = { volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }] };
    await kubectl.run('apply -f -', manifest(pod('box', idle, mounted, scratch)));
    await kubectl.run('wait --for=condition=Ready pod/box --timeout=30s');
    await kubectl.run(['cp', there, 'box:/scratch/file.txt']);
    await kubectl.run(['cp', 'box:/scratch/file.txt', back]);
    equal(readFileSync(back, 'utf8'), 'carried');
  },
  'attach shows what is said from then on': async (kubectl) => {
    await kubectl.run('apply -f -', manifest(pod('clock', `setInterval(() => console.log('tick'), 100); ${idle}`)));
    await kubectl.run('wait --for=condition=Ready pod/clock --timeout=30s');
    const attached = kubectl.start('attach clock');
    const said = await firstOutput(attached);
    attached.kill();
    match(said, /tick/);
  },
  'port-forward to a pod and to a Service': async (kubectl) => {
    for (const target of ['deploy/web', 'service/web']) {
      const forward = kubectl.start(`port-forward ${target} :${target.startsWith('service') ? 80 : 8080}`);
      const line = await firstOutput(forward);
      const port = /127\.0\.0\.1:(\d+)/.exec(line)![1];
      equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), 'hello');
      forward.kill();
    }
  },
  'get --raw and proxy': async (kubectl) => {
    match(await kubectl.run('get --raw /api/v1'), /"kind":"APIResourceList"/);
    const namespace = (await kubectl.run(['get', 'cm', 'greeting', '-o', 'jsonpath={.metadata.namespace}'])).trim();
    equal(await kubectl.run(`get --raw /api/v1/namespaces/${namespace}/services/web:80/proxy/`), 'hello');
    const proxy = kubectl.start('proxy --port=0');
    const line = await firstOutput(proxy);
    const port = /127\.0\.0\.1:(\d+)/.exec(line)![1];
    match(await (await fetch(`http://127.0.0.1:${port}/version`)).text(), /gitVersion/);
    proxy.kill();
  },
  top: {
    needs: 'metrics',
    async run(kubectl) {
      await eventually('there are figures', async () => (await kubectl.end('top pods')).code === 0);
      match(await kubectl.run('top pods'), /web-\S+ +\d+m +\d+Mi/);
      match(await kubectl.run('top pods --containers -l app=web'), /web-\S+ +main +\d+m +\d+Mi/);
      match(await kubectl.run('top nodes'), /\d+m +\d+% +\d+Mi +\d+%/);
    },
  },
  'scale, set image, set env, rollout restart, history, undo, pause and resume': async (kubectl) => {
    match(await kubectl.run('scale deploy/web --replicas=1'), /scaled/);
    await kubectl.run('rollout status deploy/web');
    await kubectl.run('set env deploy/web ANSWER=other');
    await kubectl.run('rollout status deploy/web');
    match(await kubectl.run('rollout history deploy/web'), /^2 /m);
    match(await kubectl.run('rollout history deploy/web --revision=2'), /ANSWER:\s+other/);
    match(await kubectl.run('rollout undo deploy/web'), /rolled back/);
    await kubectl.run('rollout status deploy/web');
    doesNotMatch(await kubectl.run('set env deploy/web --list'), /ANSWER=other/);
    match(await kubectl.run('rollout pause deploy/web'), /paused/);
    match(await kubectl.run('rollout resume deploy/web'), /resumed/);
    match(await kubectl.run('rollout restart deploy/web'), /restarted/);
    match(await kubectl.run('rollout status deploy/web'), /successfully rolled out/);
    match(await kubectl.run('set image deploy/web main=node:24'), /^$|image updated/);
  },
  autoscale: async (kubectl) => {
    match(await kubectl.run('autoscale deploy web --min=1 --max=3 --cpu-percent=80'), /autoscaled/);
    match(
      await kubectl.run('get hpa web --no-headers'),
      /^web +Deployment\/web +\S+: <unknown>\/80%|^web +Deployment\/web/,
    );
    match(await kubectl.run('delete hpa web'), /deleted/);
  },
  'expose and create service': async (kubectl) => {
    match(await kubectl.run('expose deploy web --name=exposed --port=80 --target-port=8080'), /exposed/);
    match(await kubectl.run('create service clusterip plain --tcp=80:8080'), /service\/plain created/);
    match(await kubectl.run('create service externalname outside --external-name=example.com'), /created/);
    match(await kubectl.run('get svc outside --no-headers'), /ExternalName +<none> +example\.com/);
  },
  'create deployment and job, and wait for it': async (kubectl) => {
    await kubectl.run(['create', 'deployment', 'made', '--image=node:24', '--', 'node', '-e', idle]);
    match(await kubectl.run('rollout status deploy/made'), /successfully rolled out/);
    await kubectl.run(['create', 'job', 'once', '--image=node:24', '--', 'node', '-e', 'console.log("done")']);
    match(await kubectl.run('wait --for=condition=complete job/once --timeout=30s'), /condition met/);
    equal(await kubectl.run('logs job/once'), 'done\n');
    match(await kubectl.run('get job once --no-headers'), /^once +(Complete +)?1\/1/);
  },
  'run, and run --rm -i': async (kubectl) => {
    match(await kubectl.run(['run', 'single', '--image=node:24', '--command', '--', 'node', '-e', idle]), /created/);
    await kubectl.run('wait --for=condition=Ready pod/single --timeout=30s');
    const echo = 'process.stdin.on("data", (data) => process.stdout.write(data))';
    const args = ['run', 'brief', '--image=node:24', '--rm', '-i', '--restart=Never', '--command', '--'];
    match(await kubectl.run([...args, 'node', '-e', echo], 'heard\n'), /heard[^]*pod "brief" deleted/);
  },
  'debug adds a container to a pod': async (kubectl) => {
    await kubectl.run([
      'debug',
      'talker',
      '--image=node:24',
      '-c',
      'probe',
      '--',
      'node',
      '-e',
      'console.log("inside")',
    ]);
    await eventually('it has spoken', async () => (await kubectl.end('logs talker -c probe')).output === 'inside\n');
    await kubectl.run(['debug', 'talker', '--copy-to=twin', '--container=main', '--', 'node', '-e', idle]);
    await kubectl.run('wait --for=condition=Ready pod/twin --timeout=30s');
  },
  'a StatefulSet and a DaemonSet roll out': async (kubectl) => {
    const { spec } = deployment('kept', 2);
    const headless = service('kept', { clusterIP: 'None' });
    const stateful = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'kept' },
      spec: { ...spec, serviceName: 'kept' },
    };
    const { replicas: _, ...everywhere } = deployment('each', 1).spec as { replicas: number };
    const daemon = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'each' }, spec: everywhere };
    await kubectl.run('apply -f -', manifest(headless, stateful, daemon));
    match(await kubectl.run('rollout status sts/kept'), /complete|successfully|updated/);
    match(await kubectl.run('get pods -l app=kept -o name'), /^pod\/kept-0\npod\/kept-1\n$/);
    match(await kubectl.run('rollout status ds/each'), /successfully rolled out/);
    match(await kubectl.run('explain statefulset.spec.updateStrategy'), /partition|rollingUpdate/);
    match(await kubectl.run('rollout restart sts/kept ds/each'), /kept restarted\n[^]*each restarted/);
    for (const name of ['sts/kept', 'ds/each']) {
      match(await kubectl.run(`rollout status ${name}`), /complete|successfully|updated/);
      match(await kubectl.run(`rollout history ${name}`), /^2 /m);
      match(await kubectl.run(`rollout undo ${name}`), /rolled back/);
      match(await kubectl.run(`rollout status ${name}`), /complete|successfully|updated/);
      match(await kubectl.run(`rollout history ${name}`), /^3 /m);
    }
  },
  'delete: with each cascade, by selector, now, by force, and all': async (kubectl) => {
    const made = await kubectl.run('get pods -l app=made -o name');
    match(await kubectl.run(`delete ${made.trim()} --force --grace-period=0`), /force deleted/);
    await kubectl.run('wait --for=jsonpath={.status.readyReplicas}=1 deploy/made --timeout=30s');
    notEqual(await kubectl.run('get pods -l app=made -o name'), made);
    match(await kubectl.run('delete deploy made --cascade=foreground'), /deleted/);
    match(await kubectl.run('delete deploy web --cascade=orphan'), /deleted/);
    match(await kubectl.run('get rs -l app=web --no-headers'), /web-/);
    match(await kubectl.run('delete pods -l app=talker --now'), /deleted/);
    await kubectl.run('delete all --all --wait=false');
    await eventually('all of it is gone', async () => (await kubectl.run('get all -o name')) === '');
  },
});
