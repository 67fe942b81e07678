import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { startApiServer } from '../embedded/apiserver/start.ts';
import { emptyNode } from '../embedded/apiserver/testing/test-server.ts';
import { Cluster } from './cluster.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { Requests } from './requests.ts';
import { startOidcIssuer, unsignedToken } from './testing/oidc-issuer.ts';
import { startConnectProxy, startHttpsApi, type Caller } from './testing/https-api.ts';
import { SmallApiServer } from './testing/small-api-server.ts';

let api: Awaited<ReturnType<typeof startHttpsApi>>;
let folder: string;
const closing: (() => unknown)[] = [];

before(async () => {
  api = await startHttpsApi();
});
after(() => api.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  rmSync(folder, { recursive: true });
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function kubeconfig(name: string, user: object, cluster: object = {}): string {
  const config = {
    'current-context': name,
    contexts: [{ name, context: { cluster: `${name}-cluster`, user: `${name}-user` } }],
    clusters: [
      {
        name: `${name}-cluster`,
        cluster: { server: api.url, 'certificate-authority-data': base64(api.ca), ...cluster },
      },
    ],
    users: [{ name: `${name}-user`, user }],
  };
  return write(name, JSON.stringify(config));
}

async function requestsFrom(...paths: string[]): Promise<Requests> {
  const requests = new Requests(await readKubeconfig(paths));
  closing.push(() => requests.close());
  return requests;
}

const callerOf = async (...paths: string[]) => (await requestsFrom(...paths)).json<Caller>('GET', '/api');

test('a token is sent over a connection whose certificate the authority has issued', async () => {
  const { authorization } = await callerOf(kubeconfig('plain', { token: 'sea' }));
  assert.equal(authorization, 'Bearer sea');
});

test('an authority that has not issued the certificate is an error that says so', async () => {
  const path = kubeconfig('wrong', {}, { 'certificate-authority-data': base64(api.wrongCa) });
  await assert.rejects(callerOf(path), { code: 'cluster-unreachable', message: /signature|certificate/ });
});

test('a file of a token is found beside the kubeconfig', async () => {
  write('token', 'from-a-file');
  assert.equal((await callerOf(kubeconfig('file', { tokenFile: 'token' }))).authorization, 'Bearer from-a-file');
});

test('a certificate of the client is shown, from data and from files beside the kubeconfig', async () => {
  const { certificate, key, fingerprint } = api.client;
  const data = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
  assert.equal((await callerOf(kubeconfig('data', data))).certificate, fingerprint);
  write('client.crt', certificate);
  write('client.key', key);
  const files = { 'client-certificate': 'client.crt', 'client-key': 'client.key' };
  assert.equal((await callerOf(kubeconfig('files', files))).certificate, fingerprint);
});

test('a program beside the kubeconfig gives the token; many requests at once start it once', async () => {
  const script = [
    '#!/bin/sh',
    'echo started >> "$(dirname "$0")/starts"',
    'case "$KUBERNETES_EXEC_INFO" in *ExecCredential*) ;; *) echo "not told what is asked" >&2; exit 1;; esac',
    'echo \'{"kind":"ExecCredential","status":{"token":"\'"$FLAVOUR"\'"}}\'',
  ];
  write('plugin', script.join('\n'), 0o700);
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: './plugin',
    env: [{ name: 'FLAVOUR', value: 'salt' }],
  };
  const requests = await requestsFrom(kubeconfig('exec', { exec }));
  const callers = await Promise.all([1, 2, 3, 4].map(() => requests.json<Caller>('GET', '/api')));
  assert.deepEqual(new Set(callers.map(({ authorization }) => authorization)), new Set(['Bearer salt']));
  assert.equal(readFileSync(join(folder, 'starts'), 'utf8'), 'started\n');
});

test('a program that fails is an error with its words', async () => {
  write('plugin', '#!/bin/sh\necho "log in first" >&2; exit 3', 0o700);
  await assert.rejects(callerOf(kubeconfig('exec', { exec: { command: './plugin' } })), {
    code: 'credentials-failed',
    message: /log in first/,
  });
});

const oidc = (issuer: string, ca: string, idToken: string, refreshToken = 'first') => ({
  'auth-provider': {
    name: 'oidc',
    config: {
      ...{ 'client-id': 'lab', 'idp-issuer-url': issuer, 'idp-certificate-authority-data': base64(ca) },
      ...{ 'id-token': idToken, 'refresh-token': refreshToken },
    },
  },
});

test('a token of an OIDC provider is sent for as long as it is valid, and then refreshed once', async () => {
  const issuer = await startOidcIssuer();
  closing.push(() => issuer.close());
  const valid = unsignedToken(600);
  const sent = (await callerOf(kubeconfig('valid', oidc(issuer.url, issuer.ca, valid)))).authorization;
  assert.deepEqual([sent, issuer.refreshed], [`Bearer ${valid}`, []]);

  const path = kubeconfig('expired', oidc(issuer.url, issuer.ca, unsignedToken(-60)));
  const requests = await requestsFrom(path);
  const authorizations = [];
  for (let i = 0; i < 3; i++) authorizations.push((await requests.json<Caller>('GET', '/api')).authorization);
  assert.deepEqual([new Set(authorizations).size, issuer.refreshed], [1, ['first']]);
  assert.notEqual(authorizations[0], `Bearer ${valid}`);
  // The next program, kubectl among them, finds what was refreshed: the refresh token was good for once.
  assert.equal((await callerOf(path)).authorization, authorizations[0]);
  assert.match(readFileSync(path, 'utf8'), /after first/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a refresh that the OIDC provider refuses is an error with its words', async () => {
  const issuer = await startOidcIssuer();
  closing.push(() => issuer.close());
  const user = oidc(issuer.url, issuer.ca, unsignedToken(-60), 'stolen');
  await assert.rejects(callerOf(kubeconfig('spent', user)), {
    code: 'credentials-failed',
    message: /stolen is spent|invalid_grant/,
  });
});

test('requests go through the proxy that is named, on one tunnel for one after the other', async () => {
  const proxy = await startConnectProxy();
  closing.push(() => proxy.close());
  const requests = await requestsFrom(kubeconfig('proxied', { token: 'sea' }, { 'proxy-url': proxy.url }));
  for (let count = 0; count < 3; count += 1) {
    assert.equal((await requests.json<Caller>('GET', '/api')).authorization, 'Bearer sea');
  }
  assert.deepEqual(proxy.tunnels, [new URL(api.url).host]);
});

test('of several files the first that names a thing counts, and one that is not there is passed over', async () => {
  const first = write('first', JSON.stringify({ 'current-context': 'second', users: [] }));
  const second = kubeconfig('second', { token: 'sea' });
  const again = write(
    'again',
    JSON.stringify({ 'current-context': 'other', users: [{ name: 'second-user', user: { token: 'later' } }] }),
  );
  const caller = await callerOf(first, join(folder, 'absent'), second, again);
  assert.equal(caller.authorization, 'Bearer sea');
});

test('a path that leads nowhere, and what makes no sense, are errors at once', async () => {
  const absent = join(folder, 'absent');
  await assert.rejects(readKubeconfig([absent]), { code: 'kubeconfig-missing', message: new RegExp(absent) });
  await assert.rejects(readKubeconfig([write('text', ': :')]), { code: 'kubeconfig-invalid', message: /understood/ });
  const empty = write('empty', 'contexts: []');
  await assert.rejects(readKubeconfig([empty]), { code: 'kubeconfig-invalid', message: /no context/ });
  const noFile = kubeconfig('no-file', { 'client-certificate': 'gone.crt', 'client-key': 'gone.key' });
  await assert.rejects(readKubeconfig([noFile]), { code: 'kubeconfig-invalid', message: /gone\.crt/ });
});

test('a cluster behind `kubectl proxy`, without TLS or credentials, is reached', async () => {
  const server = await new SmallApiServer().start();
  closing.push(() => server.stop());
  const requests = await requestsFrom(kubeconfig('proxy', {}, { server: `http://127.0.0.1:${server.port}` }));
  assert.ok(await requests.json('GET', '/api/v1'));
});

test('the embedded cluster is one like any other', async () => {
  const embedded = await startApiServer({ home: folder, nodeProxy: emptyNode });
  const cluster = await Cluster.connect([embedded.kubeconfig], 'shop');
  closing.push(() => cluster.close());
  const names = (await cluster.list('v1', 'Namespace')).map(({ metadata }) => metadata.name);
  assert.ok(names.includes('kube-system'), String(names));
  await embedded.close();
});
