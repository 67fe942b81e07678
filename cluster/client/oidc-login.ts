import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { decodeJwt } from 'jose';
import { parseDocument, type YAMLMap } from 'yaml';

/** `auth-provider.config` of a kubeconfig's user, as kubectl's oidc plugin names it. */
export interface OidcConfig {
  'client-id'?: string;
  'client-secret'?: string;
  'idp-issuer-url'?: string;
  /** Path of a file, absolute. */
  'idp-certificate-authority'?: string;
  'idp-certificate-authority-data'?: string;
  'id-token'?: string;
  'refresh-token'?: string;
}

/** A token that ends within this time, ms, is refreshed already. */
const EARLY_MS = 10_000;

/**
 * The login of an `auth-provider: oidc`. client-node 2.0 has one too, which cannot refresh: it gives openid-client the issuer as
 * text, and takes the seconds that a new token lasts for the time at which it ends.
 */
export class OidcLogin {
  readonly #config: OidcConfig;
  readonly #user: string;
  readonly #kubeconfig: string;

  /** @param user by its name in the file @param kubeconfig path of the file that a new token is written to */
  constructor(config: OidcConfig, user: string, kubeconfig: string) {
    this.#config = config;
    this.#user = user;
    this.#kubeconfig = kubeconfig;
  }

  /**
   * An id token that is still valid, refreshed where it is not. Throws what the issuer says. Ask one at a time: many issuers take
   * each refresh token once.
   */
  async token(): Promise<string> {
    const idToken = this.#config['id-token'];
    if (idToken && endOf(idToken) - EARLY_MS > Date.now()) return idToken;
    const { 'idp-issuer-url': issuer, 'client-id': client, 'refresh-token': refreshToken } = this.#config;
    if (!issuer || !client || !refreshToken) {
      throw new Error(`the token of the user ${this.#user} has expired, and there is no refresh-token; log in again`);
    }
    // Loaded only now: most have no such login.
    const oidc = await import('openid-client');
    const ca = await this.#authority();
    const options = ca ? { [oidc.customFetch]: fetchTrusting(ca) } : {};
    const provider = await oidc.discovery(new URL(issuer), client, this.#config['client-secret'], undefined, options);
    const refreshed = await oidc.refreshTokenGrant(provider, refreshToken).catch((error: Error) => {
      throw new Error(error instanceof oidc.ResponseBodyError ? wordsOf(error) : error.message, { cause: error });
    });
    if (!refreshed.id_token) throw new Error(`${issuer} has given no id token for the refresh-token`);
    this.#config['id-token'] = refreshed.id_token;
    this.#config['refresh-token'] = refreshed.refresh_token ?? refreshToken;
    await this.#keep();
    return refreshed.id_token;
  }

  async #authority(): Promise<string | null> {
    const { 'idp-certificate-authority': file, 'idp-certificate-authority-data': data } = this.#config;
    if (data) return Buffer.from(data, 'base64').toString();
    return file ? readFile(file, 'utf8') : null;
  }

  /** Into the kubeconfig, as kubectl does: the old refresh token may be worth nothing any more, to kubectl too. */
  async #keep(): Promise<void> {
    const document = parseDocument(await readFile(this.#kubeconfig, 'utf8'));
    const users = document.get('users') as { items: YAMLMap[] };
    const user = users.items.find((entry) => entry.get('name') === this.#user);
    for (const name of ['id-token', 'refresh-token'] as const)
      user?.setIn(['user', 'auth-provider', 'config', name], this.#config[name]);
    const { mode } = await stat(this.#kubeconfig);
    const unfinished = `${this.#kubeconfig}.${process.pid}`;
    await writeFile(unfinished, document.toString(), { mode });
    await rename(unfinished, this.#kubeconfig);
  }
}

/** Unix time in ms; 0 for what cannot be read. */
function endOf(token: string): number {
  try {
    return (decodeJwt(token).exp ?? 0) * 1000;
  } catch {
    return 0;
  }
}

function wordsOf({ error, error_description: description }: { error: string; error_description?: string }): string {
  return `the issuer says ${error}${description ? `: ${description}` : ''}; log in again`;
}

/** `fetch` takes no authority of its own without undici, which costs 11 MB. Requests of openid-client are short texts. */
function fetchTrusting(ca: string) {
  const agent = new Agent({ ca });
  return (
    url: string,
    {
      method,
      headers,
      body,
      signal,
    }: { method: string; headers: Record<string, string>; body?: unknown; signal?: AbortSignal },
  ) =>
    new Promise<Response>((resolve, reject) => {
      const sent = request(url, { method, headers, agent, ...(signal && { signal }) }, (answer) => {
        buffer(answer).then(
          (bytes) =>
            resolve(
              new Response(bytes, { status: answer.statusCode!, headers: answer.headers as Record<string, string> }),
            ),
          reject,
        );
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : String(body));
    });
}
