import { deepEqual, equal, match } from 'node:assert/strict';
import { beforeEach, afterEach, describe, it } from 'node:test';
import { openTestServer, type AnyJson, type TestServer } from '../testing/test-server.ts';

const LIST = '/api/v1/namespaces/shop/configmaps';
const configMap = (name: string, data = {}) => ({ metadata: { name, namespace: 'shop', labels: { name } }, data });

let server: TestServer;
beforeEach(async () => {
  server = await openTestServer();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await server.api.create('ConfigMap', configMap(name));
});
afterEach(() => server.close());

const list = async (query: string) => (await server.send('GET', `${LIST}?${query}`)).json();
const names = ({ items }: AnyJson) => items.map((item: AnyJson) => `${item.metadata.name}${item.data?.x ?? ''}`);

describe('a list in pages', () => {
  it('shows on every page what there was at the first', async () => {
    const first = await list('limit=2');
    deepEqual([names(first), first.metadata.remainingItemCount], [['a', 'b'], 3]);
    await server.api.delete('ConfigMap', 'c', 'shop');
    await server.api.patch('ConfigMap', 'd', 'shop', { data: { x: '!' } });
    await server.api.create('ConfigMap', configMap('bb'));
    const second = await list(`limit=2&continue=${first.metadata.continue}`);
    deepEqual([names(second), second.metadata.remainingItemCount], [['c', 'd'], 1]);
    const last = await list(`limit=2&continue=${second.metadata.continue}`);
    deepEqual([names(last), last.metadata], [['e'], { resourceVersion: first.metadata.resourceVersion }]);
    deepEqual(names(await list('limit=500')), ['a', 'b', 'bb', 'd!', 'e']);
  });

  it('counts what a selector takes, and does not say how much it leaves', async () => {
    const page = await list('limit=1&labelSelector=name+in+(b,d)');
    deepEqual([names(page), page.metadata.remainingItemCount], [['b'], undefined]);
    const next = await list(`limit=1&labelSelector=name+in+(b,d)&continue=${page.metadata.continue}`);
    deepEqual([names(next), next.metadata.continue], [['d'], undefined]);
  });

  it('goes on as a Table too', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { metadata, rows } = (await server.send('GET', `${LIST}?limit=2`, undefined, { accept })).json();
    deepEqual([rows.length, typeof metadata.continue], [2, 'string']);
  });

  it('is over when too much has happened since, and says so', async () => {
    const { metadata } = await list('limit=2');
    for (let x = 0; x < 2_500; x++) await server.api.patch('ConfigMap', 'a', 'shop', { data: { x: String(x) } });
    const answer = await list(`limit=2&continue=${metadata.continue}`);
    deepEqual([answer.code, answer.reason], [410, 'Expired']);
    match(answer.message, /start a new list without the continue/);
  });

  it('takes no token that is not its own', async () => {
    const { metadata } = await list('limit=2');
    const far = Buffer.from(JSON.stringify({ revision: 2 ** 52, after: '' })).toString('base64url');
    for (const [query, code] of [
      ['continue=!', 400],
      ['continue=e30', 400],
      [`continue=${far}`, 410],
      [`continue=${metadata.continue}&resourceVersion=${metadata.resourceVersion}`, 400],
      ['limit=many', 400],
    ] as const) {
      equal((await list(query)).code, code, query);
    }
  });
});
