import type { Deployment, Pod } from '../../kinds/types.ts';

/** Objects as a test's user would write them: nothing in them that the server fills in. */

export function podOf(name: string, spec: object = {}): Pod {
  return {
    metadata: { name, namespace: 'shop', labels: { app: name } },
    spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec },
  };
}

export function deploymentOf(name: string, replicas = 2): Deployment {
  return {
    metadata: { name, namespace: 'shop' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
    },
  };
}
