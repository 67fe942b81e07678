import type { ErrorBody } from '../../server/contract/errors.ts';

/** Somebody who does a lab over the HTTP API, with a cookie as a browser has it. */
export class Participant {
  readonly #url: string;
  #cookie = '';

  constructor(url: string) {
    this.#url = url;
  }

  /** Throws Error with the refusal's words. */
  async ask<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#url}/api${path}`, {
      method,
      headers: { cookie: this.#cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.#cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? this.#cookie;
    const answer: unknown = await response.json();
    if (response.ok) return answer as T;
    const { error } = answer as ErrorBody;
    throw new Error(`${method} /api${path} answered ${response.status} ${error.code}: ${error.message}`);
  }
}
