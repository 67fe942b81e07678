import { deepEqual, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pod as kind } from '../../kinds/pod/pod.ts';
import { predicate } from './selectors.ts';
import type { Pod } from '../../kinds/types.ts';

const pod = (name: string, labels: Record<string, string>, nodeName?: string) =>
  ({
    metadata: { name, namespace: 'shop', labels },
    spec: { containers: [], nodeName },
    status: { phase: 'Running' },
  }) as Pod;
const pods = [pod('a', { app: 'web', tier: 'front' }, 'n1'), pod('b', { app: 'api' }), pod('c', {})];
const selected = (options: object) => pods.filter(predicate(kind, options)).map(({ metadata }) => metadata.name);

describe('a label selector', () => {
  it('selects by labels', () => {
    deepEqual(selected({ labelSelector: 'app in (web,api),!tier' }), ['b']);
    deepEqual(selected({ labelSelector: '' }), ['a', 'b', 'c']);
  });

  it('that cannot be read is a bad request', () => {
    for (const labelSelector of ['app=(web)', '=web', 'app in web', 'app=a b']) {
      throws(() => selected({ labelSelector }), { code: 'BadRequest' }, labelSelector);
    }
  });
});

describe('a field selector', () => {
  it('reads the fields of its kind', () => {
    deepEqual(selected({ fieldSelector: 'spec.nodeName=n1' }), ['a']);
    deepEqual(selected({ fieldSelector: 'spec.nodeName=,metadata.name!=c' }), ['b']);
    deepEqual(selected({ fieldSelector: 'status.phase!=Running' }), []);
  });

  it('refuses a field that its kind does not have', () => {
    throws(() => selected({ fieldSelector: 'spec.colour=red' }), { code: 'BadRequest', message: /spec\.colour/ });
  });
});
