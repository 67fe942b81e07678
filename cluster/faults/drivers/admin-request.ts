import { request, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { patienceMs } from './driver.ts';

export interface AdminRequest {
  method: 'GET' | 'PUT' | 'DELETE';
  path: string;
  body?: object;
  authorization?: string;
  /** Gives it up at once. */
  signal?: AbortSignal;
}

export class AdminError extends Error {
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'AdminError';
    this.code = code;
  }
}

/** No such answer comes from an admin port: whoever sends more is not read on. */
const longestBody = 1024 * 1024;

/**
 * One request to an admin port, over a connection of its own. Resolves with the answer's head, which must come in time; its
 * body may go on for as long as it likes.
 *
 * @throws AdminError `nobody-listens` when the pod has no such port open: then nothing acts there; `no-answer`; `refused`
 */
export async function adminRequest(dial: () => Promise<Duplex>, asked: AdminRequest): Promise<IncomingMessage> {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(new Error(`no answer for ${patienceMs} ms`)), patienceMs);
  const signal = asked.signal ? AbortSignal.any([given.signal, asked.signal]) : given.signal;
  try {
    const response = await exchange(await dialled(dial, signal), asked, asked.signal);
    const { statusCode = 0 } = response;
    if (statusCode < 300) return response;
    const said = await wholeBody(response).catch((error: Error) => error.message);
    const answered = `it answered ${asked.method} ${asked.path} with ${statusCode}`;
    throw new AdminError('refused', `${answered}: ${said.slice(0, 200)}`);
  } finally {
    clearTimeout(timer);
  }

  /** The time that is left is for the head alone. */
  function exchange(
    socket: Duplex,
    { method, path, body, authorization }: AdminRequest,
    stop: AbortSignal | undefined,
  ) {
    return new Promise<IncomingMessage>((resolve, reject) => {
      const payload = body && JSON.stringify(body);
      const headers = {
        connection: 'close',
        ...(payload && { 'content-type': 'application/json' }),
        ...(authorization && { authorization }),
      };
      const outgoing = request({ createConnection: () => socket, method, path, headers, host: 'pod', signal: stop });
      const late = () => outgoing.destroy(given.signal.reason as Error);
      given.signal.addEventListener('abort', late, { once: true });
      outgoing.once('error', (cause: Error) => reject(new AdminError('no-answer', cause.message, cause)));
      outgoing.once('response', (response) => {
        given.signal.removeEventListener('abort', late);
        resolve(response);
      });
      outgoing.end(payload);
    });
  }
}

/** A whole answer as JSON. */
export async function adminAnswer(dial: () => Promise<Duplex>, asked: AdminRequest): Promise<unknown> {
  return JSON.parse(await wholeBody(await adminRequest(dial, asked)));
}

/** @throws AdminError `refused` for one that is too long; Error for one that does not come to its end in time */
async function wholeBody(response: IncomingMessage): Promise<string> {
  const timer = setTimeout(() => response.destroy(new Error(`no whole answer for ${patienceMs} ms`)), patienceMs);
  try {
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) {
      body += chunk;
      if (body.length > longestBody) throw new AdminError('refused', `its answer is longer than ${longestBody} bytes`);
    }
    return body;
  } finally {
    clearTimeout(timer);
  }
}

async function dialled(dial: () => Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  const dialling = dial();
  try {
    return await Promise.race([dialling, aborted(signal)]);
  } catch (cause) {
    // The connection that comes too late is not wanted any more.
    dialling.then(
      (socket) => socket.destroy(),
      () => undefined,
    );
    const { code, message } = cause as NodeJS.ErrnoException;
    const nobody = code === 'ECONNREFUSED' || code === 'EHOSTUNREACH';
    throw new AdminError(nobody ? 'nobody-listens' : 'no-answer', message, cause);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
