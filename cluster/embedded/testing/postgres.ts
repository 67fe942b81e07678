import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import { createRequire } from 'node:module';

const labels = { app: 'postgres' };

/** PostgreSQL as the shop runs it: with its data in a volume of its node. */
export const database: V1Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'postgres', namespace: 'default' },
  spec: {
    replicas: 1,
    strategy: { type: 'Recreate' },
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: 'postgres',
            image: 'postgres:18',
            env: [
              { name: 'POSTGRES_USER', value: 'shop' },
              { name: 'POSTGRES_PASSWORD', value: 'sesame' },
            ],
            ports: [{ name: 'sql', containerPort: 5432 }],
            readinessProbe: { tcpSocket: { port: 'sql' }, periodSeconds: 1 },
            volumeMounts: [{ name: 'data', mountPath: '/var/lib/postgresql' }],
          },
        ],
        volumes: [{ name: 'data', hostPath: { path: '/data/postgres' } }],
      },
    },
  },
};

export const databaseService: V1Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'postgres', namespace: 'default' },
  spec: { selector: labels, ports: [{ port: 5432, targetPort: 'sql' }] },
};

const pg = createRequire(import.meta.url).resolve('pg');

/** Runs SQL in the database and prints the rows of the last statement. The server may still be recovering: it waits. */
export function sqlScript(...statements: string[]): string {
  return `
    const { Client } = require(${JSON.stringify(pg)});
    (async () => {
      for (;;) {
        const client = new Client({ connectionString: 'postgres://shop:sesame@postgres:5432/shop' });
        try {
          await client.connect();
        } catch (error) {
          if (error.code !== '57P03' && error.code !== 'ECONNREFUSED') throw error;
          await new Promise((resolve) => setTimeout(resolve, 50));
          continue;
        }
        let rows;
        for (const statement of ${JSON.stringify(statements)}) rows = (await client.query(statement)).rows;
        console.log(JSON.stringify(rows));
        return client.end();
      }
    })().catch((error) => { console.log(error.message); process.exit(1); });`;
}
