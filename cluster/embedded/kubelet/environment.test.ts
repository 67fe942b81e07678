import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigMap, Pod, Secret, Service } from '../kinds/types.ts';
import { ContainerConfigError, resolveEnvironment } from './environment.ts';
import type { ConfigSource } from './pod-fields.ts';

const source: ConfigSource = {
  configMap: async (name) =>
    name === 'settings' ? ({ metadata: { name }, data: { RATE: '50', COLOUR: 'blue' } } as ConfigMap) : null,
  secret: async (name) =>
    name === 'keys'
      ? ({ metadata: { name }, data: { password: Buffer.from('pässword').toString('base64') } } as Secret)
      : null,
  services: async () => [],
  apiServices: async () => [],
  allocatable: async () => ({}),
};
const facts = { podIP: '10.244.0.7', hostIP: '10.240.0.11', allocatable: { cpu: '2', memory: '1Gi' } };

function resolve(container: object) {
  const pod = {
    metadata: { name: 'web-1', namespace: 'shop', uid: 'u-1', labels: { app: 'web' } },
    spec: { nodeName: 'node-1', containers: [container] },
  } as unknown as Pod;
  return resolveEnvironment(pod, pod.spec!.containers[0]!, facts, source);
}

test('values come from the Pod, ConfigMaps, Secrets and the pod itself', async () => {
  const env = await resolve({
    env: [
      { name: 'PLAIN', value: 'yes' },
      { name: 'RATE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'RATE' } } },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'keys', key: 'password' } } },
      { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
      { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ],
  });
  assert.deepEqual(env, {
    PLAIN: 'yes',
    RATE: '50',
    PASSWORD: 'pässword',
    NAME: 'web-1',
    APP: 'web',
    IP: '10.244.0.7',
    NODE: 'node-1',
  });
});

test('envFrom brings whole objects, and env wins over it', async () => {
  const env = await resolve({
    envFrom: [{ configMapRef: { name: 'settings' } }, { prefix: 'S_', secretRef: { name: 'keys' } }],
    env: [{ name: 'COLOUR', value: 'red' }],
  });
  assert.deepEqual(env, { RATE: '50', COLOUR: 'red', S_password: 'pässword' });
});

test('$(NAME) refers to what stands before it; unknown names and $$ stay', async () => {
  const env = await resolve({
    env: [
      { name: 'USER', value: 'shop' },
      { name: 'URL', value: 'postgres://$(USER)@$(HOST)/a?$$(USER)' },
    ],
  });
  assert.equal(env.URL, 'postgres://shop@$(HOST)/a?$(USER)');
});

test('a missing ConfigMap, Secret or key is named; an optional one is left out', async () => {
  const missing = (reference: object) => resolve({ env: [{ name: 'A', valueFrom: reference }] });
  await assert.rejects(
    missing({ configMapKeyRef: { name: 'other', key: 'a' } }),
    (error) => error instanceof ContainerConfigError && error.message === 'configmap "other" not found',
  );
  await assert.rejects(missing({ secretKeyRef: { name: 'other', key: 'a' } }), { message: 'secret "other" not found' });
  await assert.rejects(missing({ configMapKeyRef: { name: 'settings', key: 'a' } }), {
    message: "couldn't find key a in ConfigMap shop/settings",
  });
  assert.deepEqual(await missing({ configMapKeyRef: { name: 'other', key: 'a', optional: true } }), {});
  await assert.rejects(resolve({ envFrom: [{ configMapRef: { name: 'other' } }] }), ContainerConfigError);
});

test('every container is told where the API is, also without links to the Services of its namespace', async () => {
  const service = (name: string, clusterIP: string) =>
    ({ metadata: { name }, spec: { clusterIP, ports: [{ name: 'https', port: 443 }] } }) as Service;
  const told: ConfigSource = {
    ...source,
    services: async () => [service('shop', '10.96.0.7')],
    apiServices: async () => [service('kubernetes', '10.96.0.1')],
  };
  const names = async (enableServiceLinks: boolean) => {
    const pod = { metadata: { name: 'web' }, spec: { enableServiceLinks, containers: [{}] } } as unknown as Pod;
    const env = await resolveEnvironment(pod, pod.spec!.containers[0]!, facts, told);
    return [env.KUBERNETES_SERVICE_HOST, env.KUBERNETES_SERVICE_PORT_HTTPS, env.SHOP_SERVICE_HOST];
  };
  assert.deepEqual(await names(true), ['10.96.0.1', '443', '10.96.0.7']);
  assert.deepEqual(await names(false), ['10.96.0.1', '443', undefined]);
});
