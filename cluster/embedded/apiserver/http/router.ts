import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../api-error.ts';
import type { NodeProxy } from '../api.ts';
import type { Registry } from '../registry/registry.ts';
import { isAccessReview, reviewAccess } from './access-review.ts';
import { flag, type Call } from './call.ts';
import { Discovery } from './discovery.ts';
import * as objects from './objects.ts';
import { openApiV2 } from './openapi-v2.ts';
import { OpenApi } from './openapi.ts';
import { sendLog } from './pod-log.ts';
import { createBinding, createEviction } from './pod-subresources.ts';
import { sendBytes } from './respond.ts';
import { handleScale } from './scale.ts';
import { parseTarget, type Target } from './target.ts';
import { versionInfo } from './version.ts';
import { watchObjects } from './watch.ts';

const healthPaths = ['/healthz', '/livez', '/readyz'];

/** Paths that need no token. */
export function isPublic(path: string): boolean {
  return healthPaths.includes(path) || path === '/version';
}

/** Brings each request to what answers it. */
export class Router {
  readonly #registry: Registry;
  readonly #nodes: NodeProxy;
  readonly #discovery: Discovery;
  readonly #openApi: OpenApi;

  constructor(registry: Registry, nodes: NodeProxy) {
    this.#registry = registry;
    this.#nodes = nodes;
    this.#discovery = new Discovery(registry);
    this.#openApi = new OpenApi(registry);
  }

  /** Rejects with an ApiError for all that the client got wrong. */
  async handle(req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
    const path = url.pathname.replace(/(.)\/$/, '$1');
    if (healthPaths.includes(path)) return sendBytes(res, 200, 'ok', 'text/plain');
    const target = parseTarget(path);
    if (!target) return this.#document(req, res, path);
    if (isAccessReview(target)) return reviewAccess(req, res, target);
    await this.#resource(this.call(req, res, url, target), target.subresource);
  }

  /** @throws ApiError NotFound when no such resource is served */
  call(req: IncomingMessage, res: ServerResponse, url: URL, target: Target): Call {
    const { group, version, plural, namespace, name } = target;
    const resource = this.#registry.find(group, version, plural);
    if (!resource || (namespace !== undefined && !resource.kind.namespaced)) throw noSuchResource();
    return { req, res, query: url.searchParams, resource, namespace, name, warnings: [] };
  }

  #document(req: IncomingMessage, res: ServerResponse, path: string): void {
    if (req.method !== 'GET') throw notAllowed();
    if (path === '/openapi/v2') {
      const { type, body } = openApiV2(req.headers.accept);
      return sendBytes(res, 200, body, type);
    }
    const plain =
      path === '/version' ? versionInfo : path.startsWith('/openapi/v3') ? this.#openApi.answer(path) : undefined;
    const answer = plain ? { type: 'application/json', body: plain } : this.#discovery.answer(path, req.headers.accept);
    if (!answer) throw noSuchResource();
    sendBytes(res, 200, JSON.stringify(answer.body), answer.type);
  }

  async #resource(call: Call, subresource: string | undefined): Promise<void> {
    if (call.name === undefined) return this.#collection(call);
    if (subresource !== undefined) return this.#subresource(call, subresource);
    switch (call.req.method) {
      case 'GET':
        return flag(call.query, 'watch') ? watchObjects(call) : objects.getObject(call);
      case 'PUT':
        return objects.updateObject(call);
      case 'PATCH':
        return objects.patchObject(call);
      case 'DELETE':
        return objects.deleteObject(call);
      default:
        throw notAllowed();
    }
  }

  async #collection(call: Call): Promise<void> {
    switch (call.req.method) {
      case 'GET':
        return flag(call.query, 'watch') ? watchObjects(call) : objects.listObjects(call);
      case 'POST':
        return objects.createObject(call);
      case 'DELETE':
        return objects.deleteObjects(call);
      default:
        throw notAllowed();
    }
  }

  async #subresource(call: Call, name: string): Promise<void> {
    const { kind } = call.resource;
    const { method } = call.req;
    if (name === 'status' && kind.status) {
      if (method === 'GET') return objects.getObject(call);
      if (method === 'PUT') return objects.updateObject(call, 'status');
      if (method === 'PATCH') return objects.patchObject(call, 'status');
      throw notAllowed();
    }
    if (name === 'scale' && kind.scale) return handleScale(call);
    if (kind.kind === 'Pod') {
      if (name === 'binding') return createBinding(call);
      if (name === 'eviction') return createEviction(call);
      if (name === 'log' && method === 'GET') return sendLog(call, this.#nodes);
      if (name === 'portforward')
        throw new ApiError('BadRequest', 'port-forward needs a WebSocket: the request has no Upgrade header');
    }
    throw noSuchResource();
  }
}

/** With details that name nothing: kubectl looks into them to tell a missing resource from a missing object. */
function noSuchResource(): ApiError {
  return new ApiError('NotFound', 'the server could not find the requested resource', {});
}

function notAllowed(): ApiError {
  return new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
}
