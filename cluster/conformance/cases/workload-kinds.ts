import assert from 'node:assert/strict';
import type { Answer, Json } from '../api.ts';
import { topic, type World } from '../case.ts';
import { ok } from '../expect.ts';
import { daemonSet, idle, job, statefulSet } from '../objects.ts';

/** Made and answered, but not stored. */
const dry = '?dryRun=All';
const refused = (answer: Answer, field: string) => {
  assert.equal(answer.status, 422);
  const fields = answer.body.details.causes.map((cause: Json) => cause.field);
  assert.ok(fields.includes(field), `causes: ${fields.join(' ')}`);
};
const columnsOf = async ({ api }: World, path: string): Promise<[string, number][]> => {
  const table = await api.get(path, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
  return ok(table).columnDefinitions.map(({ name, priority }: Json) => [name, priority]);
};
const wide = (...names: string[]) => names.map((name): [string, number] => [name, 1]);
const narrow = (...names: string[]) => names.map((name): [string, number] => [name, 0]);

/** What the API makes of StatefulSets, DaemonSets and Jobs before any controller acts. */
export const workloadKinds = topic('workload kinds', {
  'a StatefulSet is given its defaults': async ({ api, apps }) => {
    const set = statefulSet('some', 1);
    delete set.spec.replicas;
    const { spec, metadata } = ok(await api.post(apps(`statefulsets${dry}`), set));
    assert.equal(metadata.generation, 1);
    assert.equal(spec.replicas, 1);
    assert.equal(spec.podManagementPolicy, 'OrderedReady');
    assert.equal(spec.revisionHistoryLimit, 10);
    assert.deepEqual(spec.updateStrategy, { type: 'RollingUpdate', rollingUpdate: { partition: 0 } });
    assert.deepEqual(spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: 'Retain', whenScaled: 'Retain' });
  },
  'the claims of a StatefulSet are given their defaults': async ({ api, apps }) => {
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    };
    const mounts = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    const set = statefulSet('some', 1, { volumeClaimTemplates: [claim] }, idle, mounts);
    const [made] = ok(await api.post(apps(`statefulsets${dry}`), set)).spec.volumeClaimTemplates;
    assert.equal(made.kind, 'PersistentVolumeClaim');
    assert.equal(made.spec.volumeMode, 'Filesystem');
    assert.deepEqual(made.status, { phase: 'Pending' });
  },
  'a StatefulSet is refused what it cannot be': async ({ api, apps }) => {
    const post = (spec: object) => api.post(apps(`statefulsets${dry}`), statefulSet('some', 1, spec));
    refused(await post({ podManagementPolicy: 'Random' }), 'spec.podManagementPolicy');
    refused(await post({ replicas: -1 }), 'spec.replicas');
    refused(await post({ updateStrategy: { type: 'Recreate' } }), 'spec.updateStrategy');
    refused(
      await post({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: -1 } } }),
      'spec.updateStrategy.rollingUpdate.partition',
    );
    refused(await post({ selector: { matchLabels: { app: 'other' } } }), 'spec.template.metadata.labels');
  },
  'of a StatefulSet, little more than replicas, template and strategy may change': async ({ api, apps }) => {
    ok(await api.post(apps('statefulsets'), statefulSet('some', 0)));
    const patch = (spec: object) => api.patch(apps('statefulsets/some'), 'merge', { spec });
    ok(await patch({ minReadySeconds: 1, updateStrategy: { rollingUpdate: { partition: 2 } } }));
    refused(await patch({ serviceName: 'other' }), 'spec');
    refused(await patch({ podManagementPolicy: 'Parallel' }), 'spec');
  },
  'the scale of a StatefulSet is read and written by itself': async ({ api, apps }) => {
    ok(await api.post(apps('statefulsets'), statefulSet('some', 0)));
    const scale = ok(await api.get(apps('statefulsets/some/scale')));
    assert.equal(scale.status.selector, 'app=some');
    ok(await api.patch(apps('statefulsets/some/scale'), 'merge', { spec: { replicas: 1 } }));
    assert.equal(ok(await api.get(apps('statefulsets/some'))).spec.replicas, 1);
  },
  'a DaemonSet is given its defaults': async ({ api, apps }) => {
    const { spec } = ok(await api.post(apps(`daemonsets${dry}`), daemonSet('some')));
    assert.equal(spec.revisionHistoryLimit, 10);
    assert.deepEqual(spec.updateStrategy, {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
    });
  },
  'a DaemonSet is refused what it cannot be': async ({ api, apps }) => {
    const post = (rollingUpdate: object) =>
      api.post(
        apps(`daemonsets${dry}`),
        daemonSet('some', { updateStrategy: { type: 'RollingUpdate', rollingUpdate } }),
      );
    const path = 'spec.updateStrategy.rollingUpdate';
    refused(await post({ maxUnavailable: 0 }), `${path}.maxUnavailable`);
    refused(await post({ maxUnavailable: 1, maxSurge: 1 }), `${path}.maxSurge`);
    refused(await post({ maxUnavailable: '101%' }), `${path}.maxUnavailable`);
    refused(await post({ maxUnavailable: '50% ' }), `${path}.maxUnavailable`);
  },
  'a DaemonSet has no scale': async ({ api, apps }) => {
    ok(await api.post(apps('daemonsets'), daemonSet('some', { selector: { matchLabels: { app: 'some' } } })));
    assert.equal((await api.get(apps('daemonsets/some/scale'))).status, 404);
  },
  'a Job is given its defaults': async ({ api, batch }) => {
    const { spec } = ok(await api.post(batch(`jobs${dry}`), job('some', '')));
    assert.equal(spec.completions, 1);
    assert.equal(spec.parallelism, 1);
    assert.equal(spec.backoffLimit, 6);
    assert.equal(spec.completionMode, 'NonIndexed');
    assert.equal(spec.suspend, false);
    assert.equal(spec.podReplacementPolicy, 'TerminatingOrFailed');
  },
  'a Job with parallelism alone has no number of completions': async ({ api, batch }) => {
    const { spec } = ok(await api.post(batch(`jobs${dry}`), job('some', '', { parallelism: 2 })));
    assert.equal(spec.completions, undefined);
  },
  'a Job is marked with its name and uid, and selects by its uid': async ({ api, batch }) => {
    const { metadata, spec } = ok(await api.post(batch(`jobs${dry}`), job('some', '')));
    const labels = {
      'batch.kubernetes.io/controller-uid': metadata.uid,
      'batch.kubernetes.io/job-name': 'some',
      'controller-uid': metadata.uid,
      'job-name': 'some',
    };
    assert.deepEqual(spec.template.metadata.labels, labels);
    assert.deepEqual(metadata.labels, labels);
    assert.deepEqual(spec.selector, { matchLabels: { 'batch.kubernetes.io/controller-uid': metadata.uid } });
  },
  'a Job is refused what it cannot be': async ({ api, batch }) => {
    const post = (spec: object, podSpec: object = {}) => api.post(batch(`jobs${dry}`), job('some', '', spec, podSpec));
    refused(await post({ parallelism: -1 }), 'spec.parallelism');
    refused(await post({ backoffLimit: -1 }), 'spec.backoffLimit');
    refused(await post({ completionMode: 'Random' }), 'spec.completionMode');
    refused(await post({ completionMode: 'Indexed', parallelism: 1 }), 'spec.completions');
    refused(await post({}, { restartPolicy: 'Always' }), 'spec.template.spec.restartPolicy');
    const onExitCodes = { operator: 'In', values: [0] };
    const podFailurePolicy = { rules: [{ action: 'Panic', onExitCodes }] };
    const path = 'spec.podFailurePolicy.rules[0]';
    refused(await post({ podFailurePolicy }), `${path}.action`);
    refused(await post({ podFailurePolicy }), `${path}.onExitCodes.values[0]`);
    refused(await post({ podFailurePolicy }, { restartPolicy: 'OnFailure' }), 'spec.template.spec.restartPolicy');
    refused(await post({ podFailurePolicy: { rules: [{ action: 'Count' }] } }), path);
  },
  'of a Job, completions and template may not change': async ({ api, batch }) => {
    ok(await api.post(batch('jobs'), job('some', idle, { parallelism: 0, completions: 3 })));
    const patch = (spec: object) => api.patch(batch('jobs/some'), 'strategic-merge', { spec });
    ok(await patch({ backoffLimit: 3 }));
    refused(await patch({ completions: 4 }), 'spec.completions');
    refused(await patch({ template: { spec: { terminationGracePeriodSeconds: 7 } } }), 'spec.template');
  },
  'workloads are printed with the columns of their kind': async (world) => {
    assert.deepEqual(await columnsOf(world, world.apps('statefulsets')), [
      ...narrow('Name', 'Ready', 'Age'),
      ...wide('Containers', 'Images'),
    ]);
    assert.deepEqual(await columnsOf(world, world.apps('daemonsets')), [
      ...narrow('Name', 'Desired', 'Current', 'Ready', 'Up-to-date', 'Available', 'Node Selector', 'Age'),
      ...wide('Containers', 'Images', 'Selector'),
    ]);
    assert.deepEqual(await columnsOf(world, world.batch('jobs')), [
      ...narrow('Name', 'Status', 'Completions', 'Duration', 'Age'),
      ...wide('Containers', 'Images', 'Selector'),
    ]);
    assert.deepEqual(
      await columnsOf(world, world.apps('controllerrevisions')),
      narrow('Name', 'Controller', 'Revision', 'Age'),
    );
  },
});
