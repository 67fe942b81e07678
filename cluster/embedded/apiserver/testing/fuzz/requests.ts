import { deploymentOf, podOf } from '../objects.ts';

/** A request as a client sends it. */
export interface RealRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
}

const core = '/api/v1/namespaces/shop';
const apps = '/apis/apps/v1/namespaces/shop';
const json = { 'content-type': 'application/json' };
const patch = (type: string) => ({ 'content-type': `application/${type}` });
const table = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
const discovery = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'colors' }, data: { sky: 'blue' } };
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http', protocol: 'TCP' }] },
};
const review = {
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SelfSubjectAccessReview',
  spec: { resourceAttributes: { namespace: 'shop', verb: 'get', resource: 'pods' } },
};

/** One of each sort of request there is; what comes out of them is up to the mutations. */
export const realRequests: readonly RealRequest[] = [
  ...['/api', '/apis', '/version', '/openapi/v2', '/openapi/v3', '/openapi/v3/apis/apps/v1', '/readyz'].map(
    (path): RealRequest => ({ method: 'GET', path, headers: discovery }),
  ),
  { method: 'GET', path: `${core}/pods?labelSelector=app%20in%20(web,db)&limit=2`, headers: table },
  { method: 'GET', path: `${core}/configmaps?fieldSelector=metadata.name%3Dcolors&resourceVersion=0`, headers: {} },
  { method: 'GET', path: `${core}/configmaps?watch=1&timeoutSeconds=1&allowWatchBookmarks=true`, headers: {} },
  {
    method: 'GET',
    path: '/api/v1/pods?watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
    headers: table,
  },
  { method: 'GET', path: `${core}/pods/web/log?tailLines=5&sinceSeconds=10&container=web`, headers: {} },
  { method: 'POST', path: `${core}/pods?fieldValidation=Strict`, headers: json, body: podOf('web') },
  { method: 'POST', path: `${apps}/deployments?fieldManager=me`, headers: json, body: deploymentOf('web') },
  { method: 'POST', path: `${core}/configmaps?dryRun=All`, headers: json, body: configMap },
  { method: 'POST', path: `${core}/configmaps`, headers: json, body: configMap },
  { method: 'POST', path: `${core}/services`, headers: json, body: service },
  { method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', headers: json, body: review },
  {
    method: 'POST',
    path: `${core}/pods/web/binding`,
    headers: json,
    body: { target: { kind: 'Node', name: 'node-1' } },
  },
  {
    method: 'POST',
    path: `${core}/pods/web/eviction`,
    headers: json,
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web' } },
  },
  { method: 'PUT', path: `${core}/configmaps/colors`, headers: json, body: configMap },
  { method: 'PUT', path: `${core}/pods/web/status`, headers: json, body: podOf('web') },
  {
    method: 'PUT',
    path: `${apps}/deployments/web/scale`,
    headers: json,
    body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' }, spec: { replicas: 2 } },
  },
  {
    method: 'PATCH',
    path: `${core}/configmaps/colors`,
    headers: patch('merge-patch+json'),
    body: { data: { grass: 'green', sky: null } },
  },
  {
    method: 'PATCH',
    path: `${apps}/deployments/web`,
    headers: patch('strategic-merge-patch+json'),
    body: {
      spec: { template: { spec: { containers: [{ name: 'web', $patch: 'merge' }], $setElementOrder$: ['web'] } } },
    },
  },
  {
    method: 'PATCH',
    path: `${core}/configmaps/colors`,
    headers: patch('json-patch+json'),
    body: [
      { op: 'test', path: '/data/sky', value: 'blue' },
      { op: 'copy', from: '/data', path: '/metadata/labels' },
    ],
  },
  {
    method: 'PATCH',
    path: `${apps}/deployments/web?fieldManager=me&force=true`,
    headers: patch('apply-patch+yaml'),
    body: deploymentOf('web'),
  },
  {
    method: 'DELETE',
    path: `${core}/configmaps/colors`,
    headers: json,
    body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground', gracePeriodSeconds: 1 },
  },
  { method: 'DELETE', path: `${core}/configmaps?labelSelector=a%3Db`, headers: {} },
  {
    method: 'GET',
    path: `${core}/pods/web/portforward?ports=8080`,
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol': 'v4.channel.k8s.io',
    },
  },
  {
    method: 'POST',
    path: `${core}/pods/web/exec?command=node&command=-v&stdout=1&stderr=1`,
    headers: { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io' },
  },
];
