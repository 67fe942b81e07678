import { Agent, request } from 'node:http';

/** Why a request was not taken. */
export class PostError extends Error {
  /** Whether the same may be taken later: OTLP says so of 429 and these, and a connection that broke says nothing against it. */
  readonly isPassing: boolean;

  constructor(message: string, isPassing: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PostError';
    this.isPassing = isPassing;
  }
}

const passing = new Set([429, 502, 503, 504]);

/** Sends OTLP/HTTP in JSON, over one connection that is kept. */
export function otlpPost(url: string): (body: object, timeoutMs: number) => Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (body, timeoutMs) =>
    new Promise((resolve, reject) => {
      const payload = Buffer.from(JSON.stringify(body));
      const headers = { 'content-type': 'application/json', 'content-length': payload.length };
      const signal = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
      const outgoing = request(url, { method: 'POST', agent, headers, signal }, (response) => {
        const { statusCode = 0 } = response;
        response.resume().once('error', failed);
        response.once('end', () => {
          if (statusCode < 300) resolve();
          else reject(new PostError(`${url} answered ${statusCode}`, passing.has(statusCode)));
        });
      });
      const failed = (cause: Error) => reject(new PostError(`${url}: ${cause.message}`, true, { cause }));
      outgoing.once('error', failed);
      outgoing.end(payload);
    });
}
