import type { V1Container, V1Deployment, V1EnvVar, V1Pod, V1PodSpec, V1Service } from '@kubernetes/client-node';

/** A Pod that runs one piece of JavaScript. */
export function script(
  name: string,
  code: string,
  container: Partial<V1Container> = {},
  spec: Partial<V1PodSpec> = {},
): V1Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: { containers: [{ name: 'main', image: 'node:24', command: ['node', '-e', code], ...container }], ...spec },
  };
}

export const podName: V1EnvVar = { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };

/** Answers every request with its version; /readyz as READY says; drains on SIGTERM. */
const webCode = `
const server = require('node:http').createServer((request, response) => {
  response.statusCode = request.url === '/readyz' && process.env.READY === 'no' ? 503 : 200;
  response.end(process.env.VERSION);
});
server.listen(8080, () => console.log('listening'));
process.on('SIGTERM', () => { console.log('draining'); server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;

export function web(replicas: number, env: Record<string, string> = {}): V1Deployment {
  const pod = script('web', webCode, {
    env: Object.entries({ VERSION: 'one', ...env }).map(([name, value]) => ({ name, value })),
    ports: [{ name: 'http', containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 1 },
    // As anywhere: the word that an endpoint is going has to arrive before the endpoint goes.
    lifecycle: { preStop: { sleep: { seconds: 1 } } },
  });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: pod.spec },
    },
  };
}

export const webService: V1Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
};
