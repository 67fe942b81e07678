import { deepEqual, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elementOf, fieldOf, types } from '../../../api-schema/facts.ts';
import { deployment } from '../deployment.ts';
import { kinds } from '../index.ts';
import { pod } from '../pod/pod.ts';
import { service } from '../service/service.ts';
import { honoured, withoutEffect } from './honoured.ts';

const POD = 'io.k8s.api.core.v1.Pod';
const fieldsOf = (warnings: string[]) => warnings.map((warning) => warning.split(': ')[0]);
const container = (fields: object) => ({ containers: [{ name: 'app', image: 'app:1', ...fields }] });

describe('what has no effect', () => {
  const cases: [string, object][] = [
    ['spec.runtimeClassName', { runtimeClassName: 'gvisor' }],
    [
      'spec.containers[0].resizePolicy',
      container({ resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }] }),
    ],
    ['spec.containers[0].ports[1].hostPort', container({ ports: [{ containerPort: 1 }, { hostPort: 80 }] })],
    [
      'spec.containers[0].readinessProbe.httpGet.host',
      container({ readinessProbe: { httpGet: { host: 'elsewhere' } } }),
    ],
    ['spec.volumes[0].nfs', { volumes: [{ name: 'v', nfs: { server: 'a', path: '/' } }] }],
  ];
  for (const [field, spec] of cases) {
    it(`is named: ${field}`, () => deepEqual(fieldsOf(withoutEffect({ spec }, POD)), [field]));
  }

  it('is said with the value where others have an effect, and with the reason', () => {
    const spec = {
      ports: [
        { port: 80, protocol: 'TCP' },
        { port: 53, protocol: 'UDP' },
      ],
    };
    deepEqual(withoutEffect({ spec }, service.model), [
      'spec.ports[1].protocol: UDP has no effect in this cluster: the pod network carries TCP',
    ]);
  });

  it('is named in a template too', () => {
    const spec = { template: { spec: { priorityClassName: 'high' } } };
    deepEqual(withoutEffect({ spec }, deployment.model), [
      'spec.template.spec.priorityClassName: has no effect in this cluster: nothing is preempted',
    ]);
  });

  it('is nothing that is empty, nor what stands there by default', () => {
    const spec = { ...container({ stdin: false, securityContext: {} }), hostNetwork: false, hostAliases: [] };
    pod.defaults!({ metadata: { name: 'p' }, spec } as never);
    deepEqual(withoutEffect({ spec, status: { nominatedNodeName: 'n' } }, POD), []);
  });

  it('is no volume that the kubelet sets up, and no way of mounting it', () => {
    const sources = [
      { configMap: { name: 'c' } },
      { secret: { name: 's' } },
      { serviceAccountToken: { path: 'token' } },
    ];
    const volumes = [
      { name: 'c', configMap: { name: 'c' } },
      { name: 's', secret: { secretName: 's' } },
      { name: 'd', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
      { name: 'p', projected: { sources } },
      { name: 'h', hostPath: { path: '/data', type: 'FileOrCreate' } },
    ];
    const volumeMounts = [{ name: 'c', mountPath: '/c', readOnly: true, subPathExpr: '$(POD)' }];
    deepEqual(withoutEffect({ spec: { ...container({ volumeMounts, workingDir: '/c' }), volumes } }, POD), []);
  });

  it('is told of every kind by its own types', () => {
    const web = { metadata: { name: 'web' }, spec: { externalIPs: ['192.0.2.1'] } };
    deepEqual(fieldsOf(service.withoutEffect!(web as never, undefined)), ['spec.externalIPs']);
  });
});

describe('the list of what is honoured', () => {
  it('names types, fields and values that there are', () => {
    for (const [type, fields] of Object.entries(honoured)) {
      ok(types[type], type);
      for (const [field, how] of Object.entries(fields)) {
        const facts = fieldOf(type, field);
        ok(facts, `${type}.${field}`);
        for (const value of how === 'yes' ? [] : (how.only ?? []).flat()) {
          ok(!facts.enum || facts.enum.includes(value as string), `${type}.${field}: ${String(value)}`);
        }
      }
    }
  });

  it('names only types of kinds that are served', () => {
    const reached = new Set<string>();
    const visit = (type: string): void => {
      if (reached.has(type) || !types[type]) return;
      reached.add(type);
      for (const field of Object.values(types[type].fields)) visit(elementOf(field.type));
    };
    for (const { model } of kinds) visit(model);
    deepEqual(
      Object.keys(honoured).filter((type) => !reached.has(type)),
      [],
    );
  });
});

it('a changed image of a pod that is there already has no effect', () => {
  const of = (image: string) => ({ metadata: { name: 'p' }, spec: container({ image }) }) as never;
  deepEqual(fieldsOf(pod.withoutEffect!(of('app:2'), of('app:1'))), ['spec.containers[0].image']);
  deepEqual(pod.withoutEffect!(of('app:1'), of('app:1')), []);
});
