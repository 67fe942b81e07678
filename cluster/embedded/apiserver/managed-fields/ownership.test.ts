import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { deployment } from '../../kinds/deployment.ts';
import { fault } from '../../kinds/fault.ts';
import type { KubeObject } from '../../kinds/types.ts';
import { ApiError } from '../api-error.ts';
import { isEmpty, pathsOf, union, type Fields } from './fields.ts';
import { Ownership } from './ownership.ts';

const names = ['one', 'two', 'three'];

/** A Deployment as somebody who cares for parts of it would apply it. */
const applied = fc
  .record(
    {
      replicas: fc.integer({ min: 0, max: 3 }),
      labels: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { maxKeys: 3 }),
      containers: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom('web', 'side'),
          env: fc.uniqueArray(fc.record({ name: fc.constantFrom('X', 'Y'), value: fc.constantFrom('1', '2') }), {
            selector: ({ name }) => name,
          }),
          args: fc.array(fc.constantFrom('p', 'q'), { minLength: 1, maxLength: 2 }),
        }),
        { selector: ({ name }) => name, minLength: 1 },
      ),
    },
    { requiredKeys: [] },
  )
  .map(({ replicas, labels, containers }) => ({
    metadata: { name: 'web', namespace: 'shop', ...(labels && { labels }) },
    ...((replicas !== undefined || containers) && {
      spec: {
        ...(replicas !== undefined && { replicas }),
        ...(containers && { template: { spec: { containers } } }),
      },
    }),
  }))
  // As it comes over the wire.
  .map((object) => JSON.parse(JSON.stringify(object)) as KubeObject);

const steps = fc.array(fc.tuple(fc.constantFrom(...names), applied), { minLength: 1, maxLength: 8 });
const ownership = new Ownership(deployment);

function apply(live: KubeObject | null, name: string, object: KubeObject, force = true): KubeObject {
  return ownership.apply(live, object, { manager: { name, operation: 'Apply' }, force });
}

/** Times are left out: two applies need not come in the same second. */
function fieldsOf(object: KubeObject): Record<string, Fields> {
  const entries = object.metadata.managedFields ?? [];
  return Object.fromEntries(entries.map(({ manager, fieldsV1 }) => [manager!, fieldsV1 as Fields]));
}

const after = (all: [string, KubeObject][]) =>
  all.reduce<KubeObject | null>((live, [name, object]) => apply(live, name, object), null)!;

describe('whoever applies', () => {
  it('changes nothing by applying the same again', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const live = after(all);
        const [name, object] = all.at(-1)!;
        assert.deepEqual(apply(live, name, object, false), live);
      }),
    );
  });

  it('has what was applied last, and owns just that', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const live = after(all);
        const [name, object] = all.at(-1)!;
        const alone = apply(null, name, object);
        assert.deepEqual(fieldsOf(live)[name], fieldsOf(alone)[name]);
      }),
    );
  });

  it('leaves no field behind that nobody owns', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(...names), (all, last) => {
        // Everybody lets go but one: what is left is what that one applied.
        const live = after(all);
        const kept = [...all].reverse().find(([name]) => name === last)?.[1];
        const nothing = { metadata: { name: 'web', namespace: 'shop' } };
        const left = names.filter((name) => name !== last).reduce((object, name) => apply(object, name, nothing), live);
        const owned = Object.values(fieldsOf(left)).reduce(union, {});
        if (!kept) assert.ok(isEmpty(owned));
        const others = names.filter((name) => name !== last && fieldsOf(left)[name]);
        assert.deepEqual(others, []);
      }),
    );
  });

  it('is in conflict just where another owns the field with another value', () => {
    fc.assert(
      fc.property(applied, applied, (first, second) => {
        const live = apply(null, 'one', first);
        const forced = apply(live, 'two', second);
        const lost = pathsOf(fieldsOf(live).one ?? {}).filter(
          (path) => !pathsOf(fieldsOf(forced).one ?? {}).includes(path),
        );
        try {
          apply(live, 'two', second, false);
          assert.deepEqual(lost, []);
        } catch (error) {
          assert.ok(error instanceof ApiError && error.code === 'Conflict');
          assert.deepEqual(error.details!.causes!.map(({ field }) => field).sort(), lost.sort());
        }
      }),
    );
  });
});

describe('a write that is no apply', () => {
  const update = (old: KubeObject, draft: KubeObject, name = 'editor') => ({
    ...draft,
    metadata: { ...draft.metadata, managedFields: ownership.afterUpdate(old, draft, { name, operation: 'Update' }) },
  });

  it('that changes nothing leaves the owners as they are', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const live = after(all);
        assert.deepEqual(update(live, live), live);
      }),
    );
  });

  it('takes what it changes from whoever had it', () => {
    const object = { metadata: { name: 'web', namespace: 'shop' }, spec: { replicas: 1, paused: true } } as KubeObject;
    const live = apply(null, 'one', object);
    const edited = update(live, { ...live, spec: { replicas: 2, paused: true } } as KubeObject);
    assert.deepEqual(fieldsOf(edited), {
      one: { 'f:spec': { 'f:paused': {} } },
      editor: { 'f:spec': { 'f:replicas': {} } },
    });
  });

  it('forgets what is gone', () => {
    const object = { metadata: { name: 'web', namespace: 'shop' }, spec: { replicas: 1 } } as KubeObject;
    const live = apply(null, 'one', object);
    assert.deepEqual(fieldsOf(update(live, { ...live, spec: {} } as KubeObject)), {});
  });
});

it('a kind of ours has owners as well', () => {
  const spec = { type: 'latency', target: { edge: 'payments>bank' }, duration: '60s' };
  const object = { metadata: { name: 'slow', namespace: 'shop' }, spec };
  const manager = { name: 'one', operation: 'Apply' } as const;
  const live = new Ownership(fault).apply(null, object as KubeObject, { manager, force: false });
  assert.deepEqual(fieldsOf(live), {
    one: { 'f:spec': { 'f:duration': {}, 'f:target': { 'f:edge': {} }, 'f:type': {} } },
  });
});
