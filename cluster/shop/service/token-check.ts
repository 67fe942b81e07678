import { createSecretKey } from 'node:crypto';
import type { Context } from 'hono';
import { errors, jwtVerify } from 'jose';
import { Failure } from './failure.ts';

/**
 * The id of the customer whose token a request carries.
 *
 * @throws Failure 401 `no-token`, `token-expired`, `bad-token`.
 */
export function tokenCheck(secret: string): (c: Context) => Promise<string> {
  // Given as bytes it would be imported anew for each request.
  const key = createSecretKey(Buffer.from(secret));
  return async (c) => {
    const [, token] = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    if (!token)
      throw new Failure(401, 'no-token', 'Send the token from /api/login as `Authorization: Bearer <token>`.');
    try {
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], issuer: 'auth', audience: 'shop' });
      if (!payload.sub) throw new Failure(401, 'bad-token', 'The token names no customer; log in again.');
      return payload.sub;
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      if (cause instanceof errors.JWTExpired) {
        throw new Failure(401, 'token-expired', 'The token has expired; log in again.', { cause });
      }
      throw new Failure(401, 'bad-token', 'The token is not one of ours; log in again.', { cause });
    }
  };
}
