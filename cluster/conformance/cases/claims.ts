import assert from 'node:assert/strict';
import type { Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { eventually } from '../eventually.ts';
import { invalid, ok } from '../expect.ts';
import { idle, pod, statefulSet } from '../objects.ts';
import { condition, inPhase, log, make, output, read, ready } from '../pods.ts';

const CLASSES = '/apis/storage.k8s.io/v1/storageclasses';
const VOLUMES = '/api/v1/persistentvolumes';
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

const claim = (spec: object = {}, name = 'data'): Json => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } }, ...spec },
});
const mount = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
const using = (more: object = {}) => ({
  volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data', ...more } }],
});
const makeClaim = async ({ api, core }: World, spec?: object) =>
  ok(await api.post(core('persistentvolumeclaims'), claim(spec)));
const claimNow = async ({ api, core }: World) => ok(await api.get(core('persistentvolumeclaims/data')));
const bound = (world: World) =>
  eventually('the claim is bound', async () => {
    const now = await claimNow(world);
    return now.status.phase === 'Bound' && now;
  });
const gone = ({ api }: World, path: string) =>
  eventually(`${path} is gone`, async () => (await api.get(path)).status === 404);

/** Of no class, so that no provisioner looks at it; the case's own by its name. */
async function withVolume(world: World, spec: object, act: (name: string) => Promise<void>): Promise<void> {
  const name = `${world.namespace}-volume`;
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
      capacity: { storage: '5Mi' },
      hostPath: { path: `/tmp/${name}` },
      storageClassName: world.namespace,
      ...spec,
    },
  };
  ok(await world.api.post(VOLUMES, volume));
  try {
    await act(name);
  } finally {
    await world.api.delete(world.core('persistentvolumeclaims/data'));
    await world.api.delete(`${VOLUMES}/${name}`);
  }
}

const phase = (world: World, name: string, wanted: string) =>
  eventually(`the volume is ${wanted}`, async () => {
    const volume = ok(await world.api.get(`${VOLUMES}/${name}`));
    return volume.status.phase === wanted && volume;
  });

export const claims = topic('claims', {
  'a container starts again though its claim is being deleted': async (world) => {
    await makeClaim(world);
    await make(world, pod('some', `setTimeout(process.exit, 1500, 1)`, mount, using()));
    await eventually('it runs', async () => (await read(world)).status.containerStatuses?.[0].state.running);
    ok(await world.api.delete(world.core('persistentvolumeclaims/data')));
    assert.ok((await claimNow(world)).metadata.deletionTimestamp, 'the pod holds the claim');
    await eventually('it has been started again', async () => {
      const { state, restartCount } = (await read(world)).status.containerStatuses[0];
      return restartCount > 0 && state.running;
    });
  },
  'a claim says what it wants, and is of the default class': async (world) => {
    const { items } = ok(await world.api.get(CLASSES));
    const isDefault = ({ metadata }: Json) =>
      metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
    const { spec, status, metadata } = await makeClaim(world);
    assert.equal(spec.storageClassName, items.find(isDefault).metadata.name);
    assert.equal(spec.volumeMode, 'Filesystem');
    assert.deepEqual(status, { phase: 'Pending' });
    assert.deepEqual(metadata.finalizers, ['kubernetes.io/pvc-protection']);
    const none = ok(
      await world.api.post(world.core('persistentvolumeclaims'), claim({ storageClassName: '' }, 'none')),
    );
    assert.equal(none.spec.storageClassName, '');
  },
  'a claim says how it is to be accessed, and how much it wants': async ({ api, core }) => {
    const path = core('persistentvolumeclaims');
    invalid(await api.post(path, claim({ accessModes: [] })), 'spec.accessModes');
    invalid(await api.post(path, claim({ accessModes: ['Sometimes'] })), 'spec.accessModes');
    invalid(await api.post(path, claim({ resources: {} })), 'spec.resources[storage]');
    invalid(await api.post(path, claim({ resources: { requests: { storage: '0' } } })), 'spec.resources[storage]');
  },
  'what a claim wants stays': async (world) => {
    const made = await makeClaim(world);
    const spec = { ...made.spec, accessModes: ['ReadWriteMany'] };
    invalid(await world.api.put(world.core('persistentvolumeclaims/data'), { ...made, spec }), 'spec');
  },
  'it waits for its first pod, and has a volume of its own then': async (world) => {
    const waits = await makeClaim(world);
    await make(world, pod('some', idle, mount, using()));
    const { spec, status, metadata } = await bound(world);
    assert.equal(status.capacity.storage, '1Mi');
    assert.deepEqual(status.accessModes, ['ReadWriteOnce']);
    assert.equal(metadata.annotations['pv.kubernetes.io/bind-completed'], 'yes');
    const volume = await phase(world, spec.volumeName, 'Bound');
    assert.equal(volume.metadata.name, `pvc-${waits.metadata.uid}`);
    assert.equal(volume.spec.claimRef.uid, waits.metadata.uid);
    assert.equal(volume.spec.persistentVolumeReclaimPolicy, 'Delete');
    assert.equal(volume.spec.storageClassName, spec.storageClassName);
  },
  'what is on it outlives the pod': async (world) => {
    await makeClaim(world);
    const write = `require('node:fs').writeFileSync('/data/word', 'hello')`;
    await output(world, write, mount, using());
    ok(await world.api.delete(world.core('pods/some')));
    await gone(world, world.core('pods/some'));
    const show = `console.log(require('node:fs').readFileSync('/data/word', 'utf8'))`;
    assert.equal(await output(world, show, mount, using()), 'hello\n');
  },
  'a pod may have it for reading alone': async (world) => {
    await makeClaim(world);
    const code = `require('node:fs').writeFile('/data/word', 'x', (error) => console.log(error.code))`;
    assert.equal(await output(world, code, mount, using({ readOnly: true })), 'EROFS\n');
  },
  'a claim in use stays until its pod is gone, and its volume goes with it': async (world) => {
    await makeClaim(world);
    await make(world, pod('some', idle, mount, using()));
    await ready(world);
    const { spec } = await bound(world);
    ok(await world.api.delete(world.core('persistentvolumeclaims/data')));
    assert.ok((await claimNow(world)).metadata.deletionTimestamp);
    const { columnDefinitions, rows } = ok(await world.api.get(world.core('persistentvolumeclaims/data'), table));
    const status = columnDefinitions.findIndex(({ name }: Json) => name === 'Status');
    assert.equal(rows[0].cells[status], 'Terminating');
    ok(await world.api.delete(world.core('pods/some')));
    await gone(world, world.core('persistentvolumeclaims/data'));
    await gone(world, `${VOLUMES}/${spec.volumeName}`);
  },
  'a pod whose claim is not there goes nowhere until it is': async (world) => {
    await make(world, pod('some', `console.log('here')`, mount, { restartPolicy: 'Never', ...using() }));
    const why = await eventually('the pod is unschedulable', async () => {
      const said = condition(await read(world), 'PodScheduled');
      return said?.reason === 'Unschedulable' && said.message;
    });
    assert.match(why, /nodes are available: persistentvolumeclaim "data" not found\./);
    await makeClaim(world);
    await inPhase(world, 'Succeeded');
    assert.equal(await log(world), 'here\n');
  },
  'a volume that is there is given to a claim that it suits, and kept when that is gone': (world) =>
    withVolume(world, {}, async (name) => {
      const free = await phase(world, name, 'Available');
      assert.equal(free.spec.persistentVolumeReclaimPolicy, 'Retain');
      assert.deepEqual(free.metadata.finalizers, ['kubernetes.io/pv-protection']);
      await makeClaim(world, { storageClassName: world.namespace });
      const { spec, status, metadata } = await bound(world);
      assert.equal(spec.volumeName, name);
      assert.equal(status.capacity.storage, '5Mi');
      assert.deepEqual(status.accessModes, ['ReadWriteOnce', 'ReadWriteMany']);
      assert.equal(metadata.annotations['pv.kubernetes.io/bound-by-controller'], 'yes');
      await phase(world, name, 'Bound');
      ok(await world.api.delete(world.core('persistentvolumeclaims/data')));
      await phase(world, name, 'Released');
    }),
  'a volume that is bound and deleted stays as long as its claim': (world) =>
    withVolume(world, {}, async (name) => {
      await makeClaim(world, { storageClassName: world.namespace });
      await phase(world, name, 'Bound');
      ok(await world.api.delete(`${VOLUMES}/${name}`));
      assert.ok(ok(await world.api.get(`${VOLUMES}/${name}`)).metadata.deletionTimestamp);
      ok(await world.api.delete(world.core('persistentvolumeclaims/data')));
      await gone(world, `${VOLUMES}/${name}`);
    }),
  'a volume that says whose it is waits for that claim': (world) =>
    withVolume(world, { claimRef: { namespace: world.namespace, name: 'data' } }, async (name) => {
      await phase(world, name, 'Available');
      const other = claim({ storageClassName: world.namespace }, 'other');
      ok(await world.api.post(world.core('persistentvolumeclaims'), other));
      await makeClaim(world, { storageClassName: world.namespace });
      assert.equal((await bound(world)).spec.volumeName, name);
      const left = ok(await world.api.get(world.core('persistentvolumeclaims/other')));
      assert.equal(left.status.phase, 'Pending');
    }),
  'a volume is somewhere, once, and stays there': (world) =>
    withVolume(world, {}, async (name) => {
      const there = ok(await world.api.get(`${VOLUMES}/${name}`));
      const moved = { ...there, spec: { ...there.spec, hostPath: { path: '/elsewhere' } } };
      invalid(await world.api.put(`${VOLUMES}/${name}`, moved), 'spec.persistentvolumesource');
      const { hostPath: _hostPath, ...nowhere } = there.spec;
      const metadata = { name: `${name}-2` };
      invalid(await world.api.post(VOLUMES, { ...there, metadata, spec: nowhere }), 'spec');
    }),
  'a StatefulSet makes a claim for each of its pods, which stays when it is scaled down': async (world) => {
    const { spec, metadata } = claim();
    const set = statefulSet('some', 1, { volumeClaimTemplates: [{ metadata, spec }] }, idle, mount);
    ok(await world.api.post(world.apps('statefulsets'), set));
    const first = world.core('persistentvolumeclaims/data-some-0');
    const made = await eventually('the claim is bound', async () => {
      const answer = await world.api.get(first);
      return answer.status === 200 && answer.body.status.phase === 'Bound' && answer.body;
    });
    assert.equal(made.metadata.labels.app, 'some');
    ok(await world.api.patch(world.apps('statefulsets/some'), 'merge', { spec: { replicas: 0 } }));
    await gone(world, world.core('pods/some-0'));
    assert.equal(ok(await world.api.get(first)).metadata.deletionTimestamp, undefined);
  },
  'claims of a StatefulSet go with it where it says so': async (world) => {
    const { spec, metadata } = claim();
    const persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Delete', whenScaled: 'Retain' };
    const more = { volumeClaimTemplates: [{ metadata, spec }], persistentVolumeClaimRetentionPolicy };
    ok(await world.api.post(world.apps('statefulsets'), statefulSet('some', 1, more, idle, mount)));
    const first = world.core('persistentvolumeclaims/data-some-0');
    await eventually('the set owns the claim', async () => {
      const { body } = await world.api.get(first);
      return body.metadata?.ownerReferences?.[0].kind === 'StatefulSet';
    });
    ok(await world.api.delete(world.apps('statefulsets/some')));
    await gone(world, first);
  },
  'Tables have the columns that kubectl prints': async ({ api, core }) => {
    for (const [path, columns] of [
      [
        core('persistentvolumeclaims'),
        'Name Status Volume Capacity Access_Modes StorageClass VolumeAttributesClass Age VolumeMode',
      ],
      [
        VOLUMES,
        'Name Capacity Access_Modes Reclaim_Policy Status Claim StorageClass VolumeAttributesClass Reason Age VolumeMode',
      ],
      [CLASSES, 'Name Provisioner ReclaimPolicy VolumeBindingMode AllowVolumeExpansion Age'],
    ] as const) {
      const { columnDefinitions } = ok(await api.get(path, table));
      const names = columnDefinitions.map(({ name }: Json) => name.replaceAll(' ', '_'));
      assert.equal(names.join(' '), columns);
    }
  },
  'a class says who makes volumes, and stays as it is': async ({ api, namespace }) => {
    const metadata = { name: namespace };
    const base = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata };
    invalid(await api.post(CLASSES, base), 'provisioner');
    const made = ok(await api.post(CLASSES, { ...base, provisioner: 'example.com/none' }));
    try {
      assert.equal(made.reclaimPolicy, 'Delete');
      assert.equal(made.volumeBindingMode, 'Immediate');
      const path = `${CLASSES}/${namespace}`;
      invalid(await api.put(path, { ...made, provisioner: 'example.com/other' }), 'provisioner');
      invalid(await api.put(path, { ...made, reclaimPolicy: 'Retain' }), 'reclaimPolicy');
    } finally {
      await api.delete(`${CLASSES}/${namespace}`);
    }
  },
});
