import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import aws4 from 'aws4';
import { S3Error } from './s3-error.ts';

interface Keys {
  accessKey: string;
  secretKey: string;
}

/** What a request claims, in its Authorization header or, presigned, in its query. */
interface Claim {
  credential: string;
  signedHeaders: string[];
  signature: string;
  date: string;
  /** Seconds a presigned URL is good for; null for a header. */
  expires: number | null;
}

const skewMs = 15 * 60_000;
const longestSeconds = 7 * 24 * 3600;

/**
 * Checks that a request was signed with our secret (AWS Signature Version 4): it is signed anew from what came, and both are compared.
 * Of the body it says what its SHA-256 is to be; whether it is, shows when it has been read.
 *
 * @param query of the request's URL
 * @param now Unix ms
 * @returns `x-amz-content-sha256` as it was signed.
 * @throws S3Error
 */
export function checkSignature(request: IncomingMessage, query: URLSearchParams, keys: Keys, now: number): string {
  const claim = query.has('X-Amz-Signature') ? presigned(query) : fromHeader(request);
  const [accessKey = '', date = '', region = '', service = '', end = ''] = claim.credential.split('/');
  if (accessKey !== keys.accessKey) {
    throw new S3Error('InvalidAccessKeyId', 'The Access Key Id you provided does not exist in our records.');
  }
  if (service !== 's3' || end !== 'aws4_request' || !claim.date.startsWith(date)) {
    throw new S3Error('AuthorizationHeaderMalformed', 'The credential is to be KEY/YYYYMMDD/REGION/s3/aws4_request.');
  }
  checkTime(claim, now);
  checkSignedHeaders(request, claim);
  const headers = Object.fromEntries(claim.signedHeaders.map((name) => [name, valueOf(request, name)]));
  const payload = valueOf(request, 'x-amz-content-sha256');
  if (claim.expires === null && !payload) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  const signer = new Signer(
    {
      service: 's3',
      region,
      method: request.method,
      path: withoutSignature(request.url ?? '/'),
      headers: { ...headers, ...(claim.expires === null && { 'x-amz-date': claim.date }) },
      signQuery: claim.expires !== null,
      // All that were signed count, also those that aws4 itself would never sign.
      extraHeadersToInclude: Object.fromEntries(claim.signedHeaders.map((name) => [name, true])),
    },
    { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey },
  );
  if (!same(signatureOf(signer), claim.signature)) {
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }
  return payload || 'UNSIGNED-PAYLOAD';
}

/** aws4 has it, its types do not. */
const Signer = aws4.RequestSigner as unknown as new (
  request: object,
  credentials: object,
) => { signature(): string; prepareRequest(): void };

function signatureOf(signer: InstanceType<typeof Signer>): string {
  try {
    signer.prepareRequest();
    return signer.signature();
  } catch (cause) {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.", { cause });
  }
}

function fromHeader(request: IncomingMessage): Claim {
  const header = request.headers.authorization;
  if (!header) throw new S3Error('AccessDenied', 'Access Denied: the request is not signed.');
  const fields =
    /^AWS4-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/.exec(header) ?? [];
  const [, credential, signedHeaders, signature] = fields;
  if (!credential || !signedHeaders || !signature) {
    throw new S3Error('AuthorizationHeaderMalformed', 'The authorization header is not of AWS Signature Version 4.');
  }
  const date = valueOf(request, 'x-amz-date');
  return { credential, signedHeaders: signedHeaders.split(';'), signature, date, expires: null };
}

function presigned(query: URLSearchParams): Claim {
  const expires = Number(query.get('X-Amz-Expires'));
  if (query.get('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256' || !(expires >= 1 && expires <= longestSeconds)) {
    const wanted = `X-Amz-Algorithm is to be AWS4-HMAC-SHA256, X-Amz-Expires 1 to ${longestSeconds}.`;
    throw new S3Error('AuthorizationQueryParametersError', wanted);
  }
  return {
    credential: query.get('X-Amz-Credential') ?? '',
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    date: query.get('X-Amz-Date') ?? '',
    expires,
  };
}

function checkTime({ date, expires }: Claim, now: number): void {
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(date) ?? [];
  const at = Date.parse(`${day?.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time?.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`);
  if (Number.isNaN(at)) throw new S3Error('AccessDenied', 'The date is to be as in 20260131T120000Z.');
  if (expires === null ? Math.abs(now - at) > skewMs : at - now > skewMs) {
    throw new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  }
  if (expires !== null && now > at + expires * 1000) throw new S3Error('AccessDenied', 'Request has expired');
}

/** Whoever could add a header to somebody's signed request could change what it means. */
function checkSignedHeaders({ headers }: IncomingMessage, { signedHeaders, expires }: Claim): void {
  const wanted = Object.keys(headers).filter((name) => {
    return name === 'host' || (name.startsWith('x-amz-') && !(expires !== null && name === 'x-amz-content-sha256'));
  });
  const missing = wanted.find((name) => !signedHeaders.includes(name));
  if (missing === undefined) return;
  throw new S3Error('AccessDenied', `There were headers present in the request which were not signed: ${missing}`);
}

function valueOf({ headers }: IncomingMessage, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

function withoutSignature(url: string): string {
  const [path, query = ''] = url.split(/\?(.*)/s) as [string, string?];
  const kept = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='));
  return kept.length > 0 ? `${path}?${kept.join('&')}` : path;
}

function same(ours: string, theirs: string): boolean {
  const [a, b] = [ours, theirs].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
