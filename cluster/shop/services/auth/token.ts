import { SignJWT } from 'jose';

export interface IssuedToken {
  token: string;
  /** Seconds it is good for. */
  expiresIn: number;
}

/** Issues JWTs (RFC 7519) signed with HS256: whoever holds the shared secret can check them without asking auth. */
export function tokenIssuer({ secret, seconds }: { secret: string; seconds: number }) {
  const key = new TextEncoder().encode(secret);
  return async (customer: string): Promise<IssuedToken> => ({
    token: await new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(customer)
      .setIssuer('auth')
      .setAudience('shop')
      .setIssuedAt()
      .setExpirationTime(`${seconds} s`)
      .sign(key),
    expiresIn: seconds,
  });
}
