import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { issueCertificates } from '../../embedded/pki/certificates.ts';

/** A JSON Web Token that nobody has signed, good for so many seconds from now on. */
export function unsignedToken(seconds: number, subject = 'learner'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'RS256' })}.${part({ iss: 'issuer', sub: subject, aud: 'lab', iat: now, exp: now + seconds })}.signature`;
}

/**
 * An OpenID Connect issuer that only refreshes: each refresh token once, for an id token and the next refresh token (RFC 6749,
 * section 6; OpenID Connect Discovery 1.0).
 */
export async function startOidcIssuer() {
  const issued = await issueCertificates();
  /** What it was asked to refresh. */
  const refreshed: string[] = [];
  let good = 'first';
  const server = createServer({ cert: issued.serverCertificate, key: issued.serverKey }, (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/.well-known/openid-configuration')
      return answer(200, {
        issuer: url,
        token_endpoint: `${url}/token`,
        id_token_signing_alg_values_supported: ['RS256'],
      });
    void text(request).then((form) => {
      const token = new URLSearchParams(form).get('refresh_token') ?? '';
      refreshed.push(token);
      if (token !== good) return answer(400, { error: 'invalid_grant', error_description: `${token} is spent` });
      good = `after ${token}`;
      const idToken = unsignedToken(3600).replace(/^[^.]+\.[^.]+/, (both) => withIssuer(both));
      return answer(200, {
        access_token: 'x',
        token_type: 'bearer',
        expires_in: 3600,
        id_token: idToken,
        refresh_token: good,
      });
    });
  });
  const withIssuer = (headAndClaims: string) => {
    const [head, claims] = headAndClaims.split('.') as [string, string];
    const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
    return `${head}.${Buffer.from(JSON.stringify({ ...read, iss: url })).toString('base64url')}`;
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, ca: issued.caCertificate, refreshed, close: () => (server.closeAllConnections(), server.close()) };
}
