import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../api-error.ts';
import type { UserInfo } from '../auth/user.ts';
import { handlerOf } from '../registry/api-resource.ts';
import { Discovery } from './discovery.ts';
import { negotiate } from './media-types.ts';
import { openApiV2 } from './openapi-v2.ts';
import { OpenApi } from './openapi.ts';
import type { ApiRequest, ServerContext } from './request.ts';
import { attributesOf, parseTarget, verbOf, type Target } from './request-info.ts';
import { sendBytes } from './respond.ts';
import { versionInfo } from './version.ts';

const healthPaths = ['/healthz', '/livez', '/readyz'];

/** Paths that need no token. */
export function isPublic(path: string): boolean {
  return healthPaths.includes(path) || path === '/version';
}

/** Brings each request to what answers it, by the table of the registry. */
export class Dispatcher {
  readonly #server: ServerContext;
  readonly #discovery: Discovery;
  readonly #openApi: OpenApi;

  constructor(server: ServerContext) {
    this.#server = server;
    this.#discovery = new Discovery(server.registry);
    this.#openApi = new OpenApi(server.registry);
  }

  /**
   * Rejects with an ApiError for all that the client got wrong.
   *
   * @param takeOver for a request with an Upgrade
   */
  async handle(
    req: IncomingMessage,
    res: ServerResponse,
    url: URL,
    user: UserInfo,
    takeOver?: ApiRequest['takeOver'],
  ): Promise<void> {
    const path = url.pathname.replace(/(.)\/$/, '$1');
    if (healthPaths.includes(path)) return sendBytes(res, 200, 'ok', 'text/plain; charset=utf-8');
    const target = parseTarget(url.pathname);
    if (!target) {
      if (!isPublic(path)) {
        this.#server.authorizer.check(user, { verb: (req.method ?? '').toLowerCase(), path: url.pathname });
      }
      return this.#document(req, res, path);
    }
    await this.#resource({ req, res, query: url.searchParams, user, takeOver }, target);
  }

  async #resource(
    given: Pick<ApiRequest, 'req' | 'res' | 'query' | 'user' | 'takeOver'>,
    target: Target,
  ): Promise<void> {
    const { req, query, user } = given;
    const { group, version, plural, namespace, name, subresource, rest } = target;
    const verb = verbOf(req.method, target, query);
    if (verb) this.#server.authorizer.check(user, attributesOf(verb, target, query));
    const resource = this.#server.registry.find(group, version, plural);
    const everywhere = resource?.namespaced && namespace === undefined;
    if (!resource || (everywhere ? name !== undefined : namespace !== undefined && !resource.namespaced))
      throw noSuchResource();
    const endpoint = subresource === undefined ? resource.endpoint : resource.subresources.get(subresource);
    if (!endpoint || (rest.length > 1 && !endpoint.connect)) throw noSuchResource();
    const handler = verb && handlerOf(endpoint, verb);
    // Across namespaces objects can be read, and nothing else.
    if (!handler || (everywhere && verb !== 'list' && verb !== 'watch')) throw notAllowed();
    const representation = endpoint.connect ? asIs : negotiate(req.headers.accept);
    const warnings: string[] = [];
    await handler({
      ...{ ...given, verb, resource, subresource, namespace, name, rest, representation, warnings },
      server: this.#server,
    });
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
}

/** What connects has no representation: it answers with a stream, or with bytes of its own. */
const asIs = { as: 'object', format: 'json' } as const;

/** With details that name nothing: kubectl looks into them to tell a missing resource from a missing object. */
function noSuchResource(): ApiError {
  return new ApiError('NotFound', 'the server could not find the requested resource', {});
}

function notAllowed(): ApiError {
  return new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}
