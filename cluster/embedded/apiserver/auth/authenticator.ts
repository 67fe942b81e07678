import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { unescape } from 'node:querystring';
import { ApiError, badRequest } from '../api-error.ts';
import type { Authorizer } from './authorizer.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import { admin, AUTHENTICATED, userOf, type UserInfo } from './user.ts';

const EXTRA = 'impersonate-extra-';
const GROUP = 'authentication.k8s.io';

/** Says who makes a request. */
export class Authenticator {
  readonly #adminToken: Buffer;
  readonly #tokens: ServiceAccountTokens;
  readonly #authorizer: Authorizer;

  /** @param adminToken that of the kubeconfig */
  constructor(adminToken: string, tokens: ServiceAccountTokens, authorizer: Authorizer) {
    this.#adminToken = Buffer.from(adminToken);
    this.#tokens = tokens;
    this.#authorizer = authorizer;
  }

  /** @throws ApiError Unauthorized; Forbidden when it may not act as whom it wants to be */
  async authenticate(headers: IncomingHttpHeaders): Promise<UserInfo> {
    const bearer = /^Bearer (.*)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
    const user = this.#isAdmin(bearer) ? admin : await this.#tokens.authenticate(bearer);
    if (!user) throw new ApiError('Unauthorized', 'Unauthorized');
    return this.#impersonated(user, headers);
  }

  #isAdmin(bearer: string): boolean {
    const token = Buffer.from(bearer);
    return token.length === this.#adminToken.length && timingSafeEqual(token, this.#adminToken);
  }

  /** Whom the request is to be taken for (kubernetes.io/docs/reference/access-authn-authz/user-impersonation). */
  #impersonated(user: UserInfo, headers: IncomingHttpHeaders): UserInfo {
    const username = one(headers['impersonate-user']);
    const uid = one(headers['impersonate-uid']);
    const groups = list(headers['impersonate-group']);
    const extra = Object.entries(headers)
      .filter(([name]) => name.startsWith(EXTRA))
      .map(([name, value]) => [unescape(name.slice(EXTRA.length)), list(value)] as const);
    if (!username) {
      if (groups.length === 0 && extra.length === 0 && !uid) return user;
      throw badRequest('impersonating a group, uid or extra fields needs the header Impersonate-User too');
    }
    const own = userOf(username);
    const may = (resource: string, name: string, more: object = {}) =>
      this.#authorizer.check(user, { verb: 'impersonate', group: '', resource, name, ...more });
    const [, , namespace, account] = username.startsWith('system:serviceaccount:') ? username.split(':') : [];
    if (namespace && account) may('serviceaccounts', account, { namespace });
    else may('users', username);
    for (const group of groups) may('groups', group);
    if (uid) may('uids', uid, { group: GROUP });
    for (const [subresource, values] of extra) {
      for (const value of values) may('userextras', value, { group: GROUP, subresource });
    }
    return {
      username,
      ...(uid && { uid }),
      groups: groups.length > 0 ? [...new Set([...groups, AUTHENTICATED])] : own.groups,
      ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
    };
  }
}

const list = (value: string | string[] | undefined): string[] =>
  [value ?? []].flat().flatMap((text) => text.split(', ').filter(Boolean));
const one = (value: string | string[] | undefined): string | undefined => [value].flat()[0];
