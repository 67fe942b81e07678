import type { Pod } from '../../kinds/types.ts';
import type { TokenRequest } from './payload.ts';

export interface ServiceAccountToken {
  token: string;
  /** RFC 3339. */
  expirationTimestamp: string;
}

/** Asks the API server for a token that ends with the pod. */
export type RequestToken = (pod: Pod, request: TokenRequest) => Promise<ServiceAccountToken>;

/**
 * The tokens of one pod. One is asked for anew once it has lived 80 % of its time, or a day: that is when the kubelet rotates it, so that
 * who reads the file always finds a good one.
 */
export class TokenCache {
  readonly #request: RequestToken;
  readonly #tokens = new Map<string, { token: string; renewAt: number }>();

  constructor(request: RequestToken) {
    this.#request = request;
  }

  async token(pod: Pod, request: TokenRequest, now: number): Promise<string> {
    const key = `${request.audience}\n${request.expirationSeconds}`;
    const had = this.#tokens.get(key);
    if (had && now < had.renewAt) return had.token;
    const { token, expirationTimestamp } = await this.#request(pod, request);
    const lifetime = Date.parse(expirationTimestamp) - now;
    this.#tokens.set(key, { token, renewAt: now + Math.min(lifetime * 0.8, 24 * 3600_000) });
    return token;
  }

  /** When the first of them is to be renewed, in ms since the epoch; Infinity without any. */
  get renewAt(): number {
    return Math.min(...Array.from(this.#tokens.values(), ({ renewAt }) => renewAt));
  }
}
