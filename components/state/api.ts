import type { ErrorBody } from '../../server/contract/errors.ts';

/** A request the server refused or never got. `action` says what the reader can do. */
export class ApiError extends Error {
  readonly code: string;
  readonly action: string;

  constructor(body: ErrorBody['error'], options?: ErrorOptions) {
    super(body.message, options);
    this.name = 'ApiError';
    this.code = body.code;
    this.action = body.action;
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Calls the lab's HTTP API. Throws ApiError, also when no server answers. */
export async function request<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body);
  const answer = parse(await response.text(), method, path);
  if (response.ok) return answer as T;
  throw refusal(answer, `${method} ${path} answered ${response.status}.`);
}

/** Reads something that is not JSON, such as the manifests. Throws ApiError as `request` does. */
export async function requestText(path: string): Promise<string> {
  const response = await send('GET', path, undefined);
  const text = await response.text();
  if (response.ok) return text;
  throw refusal(parse(text, 'GET', path), `GET ${path} answered ${response.status}.`);
}

function refusal(answer: unknown, message: string): ApiError {
  const error = (answer as Partial<ErrorBody> | null)?.error;
  const action = 'Look at the lab server’s output, then try again.';
  return new ApiError(error ?? { code: 'unexpected-answer', message, action });
}

async function send(method: Method, path: string, body: unknown): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (cause) {
    const message = `The lab server did not answer ${method} ${path}.`;
    throw new ApiError({ code: 'no-answer', message, action: 'Check that it is running, then try again.' }, { cause });
  }
}

function parse(text: string, method: Method, path: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${method} ${path} answered something other than JSON.`;
    throw new ApiError({ code: 'not-json', message, action: 'Check that the address is the lab server’s.' }, { cause });
  }
}
