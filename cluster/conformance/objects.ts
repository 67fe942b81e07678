import type { Json } from './api.ts';

/** Objects as a user would write them. Every program is a Node program of the image node:24, which the clusters have. */

export function configMap(name: string, data: Record<string, string> = { color: 'blue' }, metadata: object = {}): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

export function pod(
  name: string,
  code: string,
  container: object = {},
  spec: object = {},
  metadata: object = {},
): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name }, ...metadata },
    spec: {
      // Nothing here has to drain: a case waits for its pods to go.
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'main', image: 'node:24', command: ['node', '-e', code], ...container }],
      ...spec,
    },
  };
}

/** Stays until it is told to go. */
export const idle = `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000)`;

/** Answers every request on 8080 with ANSWER. */
export const web = `
process.on('SIGTERM', () => process.exit(0));
require('node:http').createServer((request, response) => response.end(process.env.ANSWER ?? 'hello')).listen(8080);
`;

export function deployment(
  name: string,
  replicas: number,
  code = idle,
  spec: object = {},
  container: object = {},
): Json {
  const { metadata, spec: podSpec } = pod(name, code, container);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: metadata.labels }, spec: podSpec },
      ...spec,
    },
  };
}

export function replicaSet(name: string, replicas: number): Json {
  const { spec } = deployment(name, replicas);
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name }, spec };
}

export function statefulSet(
  name: string,
  replicas: number,
  spec: object = {},
  code = idle,
  container: object = {},
): Json {
  const { template, selector } = deployment(name, replicas, code, {}, container).spec;
  const rest = { replicas, serviceName: name, selector, template, ...spec };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name }, spec: rest };
}

export function daemonSet(name: string, spec: object = {}, code = idle, container: object = {}): Json {
  const { template, selector } = deployment(name, 0, code, {}, container).spec;
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name }, spec: { selector, template, ...spec } };
}

export function job(name: string, code: string, spec: object = {}, podSpec: object = {}): Json {
  const template = { spec: { restartPolicy: 'Never', ...pod(name, code).spec, ...podSpec } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template, ...spec } };
}

export function service(name: string, spec: object = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
  };
}
