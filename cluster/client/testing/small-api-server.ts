import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import { WebSocketServer } from 'ws';
import { mergePatchOf } from './merge.ts';
import { Requests } from '../requests.ts';

type KubeObject = {
  kind: string;
  metadata: { name: string; namespace?: string; resourceVersion?: string; [key: string]: unknown };
};

/**
 * Namespaces, Nodes, ConfigMaps, Secrets, Services, Pods, Events and Deployments, with list, watch, merge patch and port-forward,
 * over real sockets: enough of the API's protocol to break it on purpose. What names no namespace is in `shop`.
 */
export class SmallApiServer {
  readonly objects: Map<string, KubeObject>;
  readonly requests: string[] = [];
  /** Where port-forward leads, by port. */
  readonly ports = new Map<number, number>();
  /** Watches from a version below this are too old. */
  oldest = 0;
  #version = 1;
  readonly #history: { version: number; path: string; type: string; object: KubeObject }[] = [];
  readonly #watches = new Map<ServerResponse, { path: string; label: string | null }>();
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  constructor(objects = new Map<string, KubeObject>()) {
    this.objects = objects;
    for (const { metadata } of objects.values()) {
      this.#version = Math.max(this.#version, Number(metadata.resourceVersion ?? 0));
    }
  }

  async start(port = 0): Promise<this> {
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v4.channel.k8s.io' });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('upgrade', (request, socket, head) => {
      const port = Number(new URL(request.url ?? '', 'http://x').searchParams.get('ports'));
      const target = this.ports.get(port);
      sockets.handleUpgrade(request, socket, head, (ws) => {
        for (const channel of [0, 1]) ws.send(Buffer.from([channel, port & 0xff, port >> 8]));
        if (target === undefined) return ws.send(Buffer.from(`\x01nobody listens on ${port}`));
        const upstream = connect(target, '127.0.0.1');
        upstream.on('data', (data: Buffer) => ws.send(Buffer.concat([Buffer.from([0]), data])));
        upstream.on('close', () => ws.close());
        upstream.on('error', () => ws.close());
        ws.on('message', (data: Buffer) => upstream.write(data.subarray(1)));
        ws.on('close', () => upstream.destroy());
      });
    });
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  client(): Requests {
    const server = new URL(`http://127.0.0.1:${this.port}`);
    return new Requests({ server, context: 'small', options: async () => ({}) });
  }

  /** Cuts every connection, as a crash does. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    this.#watches.clear();
    await closed;
  }

  dropWatches(): void {
    for (const response of this.#watches.keys()) response.destroy();
    this.#watches.clear();
  }

  get watches(): number {
    return this.#watches.size;
  }

  put(object: KubeObject): KubeObject {
    const path = `${collectionOf(object)}/${object.metadata.name}`;
    const type = this.objects.has(path) ? 'MODIFIED' : 'ADDED';
    const generation = Number(this.objects.get(path)?.metadata['generation'] ?? 0) + 1;
    const metadata = { ...object.metadata, generation, resourceVersion: String((this.#version += 1)) };
    const stored = { ...object, metadata };
    this.objects.set(path, stored);
    this.#tell(path, type, stored);
    return stored;
  }

  /** As a controller does: the generation stays. */
  setStatus(path: string, status: object): void {
    const object = this.objects.get(path)!;
    const metadata = { ...object.metadata, resourceVersion: String((this.#version += 1)) };
    const stored = { ...object, metadata, status };
    this.objects.set(path, stored);
    this.#tell(path, 'MODIFIED', stored);
  }

  remove(path: string): void {
    const object = this.objects.get(path);
    this.objects.delete(path);
    this.#version += 1;
    if (object) this.#tell(path, 'DELETED', object);
  }

  #tell(path: string, type: string, object: KubeObject): void {
    this.#history.push({ version: this.#version, path, type, object });
    for (const [response, watch] of this.#watches) tell(response, watch, path, type, object);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://x');
    const path = url.pathname;
    this.requests.push(`${request.method} ${path}${url.searchParams.has('dryRun') ? ' (dry run)' : ''}`);
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const found = this.objects.get(path);
    const missing = () => send(404, { kind: 'Status', message: `${path} not found` });
    if (discovery[path]) return send(200, discovery[path]);
    if (request.method === 'POST') return send(201, this.put((await json(request)) as KubeObject));
    if (request.method === 'PATCH') {
      const patch = await json(request);
      if (request.headers['content-type'] === 'application/apply-patch+yaml') {
        const wanted = mergePatchOf(found ?? {}, patch) as KubeObject;
        const same = found !== undefined && isDeepStrictEqual(wanted, found);
        return send(200, url.searchParams.has('dryRun') || same ? wanted : this.put(wanted));
      }
      return found ? send(200, this.put(mergePatchOf(found, patch) as KubeObject)) : missing();
    }
    if (request.method === 'DELETE') return found ? (this.remove(path), send(200, { kind: 'Status' })) : missing();
    if (found || !isCollection(path)) return found ? send(200, found) : missing();
    const label = url.searchParams.get('labelSelector');
    if (url.searchParams.get('watch') !== 'true') {
      const items = [...this.objects.entries()].filter(([key]) => parent(key) === path).map(([, object]) => object);
      const metadata = { resourceVersion: String(this.#version) };
      return send(200, { metadata, items: items.filter((object) => hasLabel(object, label)) });
    }
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    if (Number(url.searchParams.get('resourceVersion')) < this.oldest) {
      const object = { kind: 'Status', code: 410, message: 'too old resource version' };
      return void response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
    }
    // What has happened since the list that the watch goes on from.
    const since = Number(url.searchParams.get('resourceVersion'));
    for (const event of this.#history) {
      if (event.version > since) tell(response, { path, label }, event.path, event.type, event.object);
    }
    this.#watches.set(response, { path, label });
    response.on('close', () => this.#watches.delete(response));
  }
}

function tell(
  response: ServerResponse,
  watch: { path: string; label: string | null },
  path: string,
  type: string,
  object: KubeObject,
): void {
  if (parent(path) === watch.path && hasLabel(object, watch.label))
    response.write(`${JSON.stringify({ type, object })}\n`);
}

const plurals: Record<string, string> = {
  ConfigMap: '/api/v1/configmaps',
  Secret: '/api/v1/secrets',
  Service: '/api/v1/services',
  Pod: '/api/v1/pods',
  Event: '/api/v1/events',
  Deployment: '/apis/apps/v1/deployments',
};
const clusterWide: Record<string, string> = { Namespace: '/api/v1/namespaces', Node: '/api/v1/nodes' };

function collectionOf({ kind, metadata }: KubeObject): string {
  const path = plurals[kind] ?? '';
  return clusterWide[kind] ?? `${parent(path)}/namespaces/${metadata.namespace ?? 'shop'}/${path.split('/').at(-1)}`;
}

function isCollection(path: string): boolean {
  const withoutNamespace = path.replace(/\/namespaces\/[^/]+\//, '/');
  return Object.values({ ...plurals, ...clusterWide }).includes(withoutNamespace);
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function hasLabel({ metadata }: KubeObject, selector: string | null): boolean {
  if (selector === null) return true;
  const [name, value] = selector.split('=');
  return (metadata['labels'] as Record<string, string> | undefined)?.[name!] === value;
}

const resource = (kind: string) => ({ name: `${kind.toLowerCase()}s`, kind, namespaced: !(kind in clusterWide) });
const discovery: Record<string, object> = {
  '/api/v1': {
    resources: [
      ...['ConfigMap', 'Secret', 'Service', 'Pod', 'Event', 'Namespace', 'Node'].map(resource),
      { ...resource('Pod'), name: 'pods/status' },
    ],
  },
  '/apis/apps/v1': { resources: [resource('Deployment')] },
};
