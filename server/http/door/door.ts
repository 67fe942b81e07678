import type { IncomingMessage, ServerResponse } from 'node:http';
import { CodedError } from '../../errors.ts';
import type { AccessCode } from './access-code.ts';
import { codePage } from './code-page.ts';
import { guard, hostName, type Names } from './guard.ts';

export interface DoorOptions extends Names {
  code: AccessCode;
}

const cookieName = 'breakwater-access';
const cookieDays = 30;
/** An address or a name that this machine alone has; IPv6 as sockets and as URLs write it. */
const loopback = /^(localhost|::1|\[::1\]|(::ffff:)?127(\.\d+){3})$/i;

/**
 * Who may come in, for pages, API, telemetry and sockets alike: under a name of ours, from a page of ours, and, unless both ends
 * are on this machine, with the access code: as `?code=` once, which a cookie then stands for, or as a bearer token.
 */
export class Door {
  readonly #options: DoorOptions;

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** Names alone: for those who show the code in a way of their own. Throws CodedError `host-not-allowed` or `origin-not-allowed`. */
  guard(request: IncomingMessage): void {
    guard(request, this.#options);
  }

  opensWith(code: string): boolean {
    return this.#options.code.isCode(code);
  }

  /** Throws CodedError `host-not-allowed`, `origin-not-allowed` or `access-code-needed`. */
  check(request: IncomingMessage): void {
    guard(request, this.#options);
    if (this.#hasAccess(request)) return;
    throw new CodedError('access-code-needed', 'This lab is open to other machines with its access code only.');
  }

  /**
   * As `check`, for requests that a person may have made: takes the code out of the URL into a cookie, and asks for it with a page.
   * True when it has answered.
   */
  receive(request: IncomingMessage, response: ServerResponse): boolean {
    guard(request, this.#options);
    const given = codeInUrl(request);
    if (given && this.#options.code.isCode(given.code)) {
      const cookie = `${cookieName}=${this.#options.code.token}; Path=/; Max-Age=${cookieDays * 86_400}; HttpOnly; SameSite=Lax`;
      response.writeHead(303, { location: given.rest, 'set-cookie': cookie, 'cache-control': 'no-store' }).end();
      return true;
    }
    if (this.#hasAccess(request)) return false;
    if (!request.headers.accept?.includes('text/html')) this.check(request);
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
    response.writeHead(401, headers).end(codePage(given !== null));
    return true;
  }

  #hasAccess(request: IncomingMessage): boolean {
    const { code, hosts } = this.#options;
    // By no name for others, that is of the loopback or, as pods call us, of their Service: what a proxy on this machine passes on
    // comes from elsewhere, telemetry too.
    const name = hostName(request);
    const direct = loopback.test(name) || !hosts.includes(name);
    if (direct && loopback.test(request.socket.remoteAddress ?? '')) return true;
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined && code.isCode(bearer)) return true;
    const cookie = cookieOf(request);
    return cookie !== undefined && code.isToken(cookie);
  }
}

/** The code in the URL, and the URL without it: a path of this server, whatever was asked for. Null where there is none. */
function codeInUrl(request: IncomingMessage): { code: string; rest: string } | null {
  if (request.method !== 'GET' || !request.url?.includes('code=')) return null;
  const url = URL.parse(`http://lab${request.url}`);
  const code = url?.searchParams.get('code');
  if (!url || !code) return null;
  url.searchParams.delete('code');
  return { code, rest: url.pathname.replace(/^\/+/, '/') + url.search };
}

function cookieOf({ headers }: IncomingMessage): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
}
