import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import type { IncomingMessage } from 'node:http';

const account = '/var/run/secrets/kubernetes.io/serviceaccount';
const patienceMs = 5_000;
/** The API server ends a watch by itself after a while; one of which nothing is heard for longer is begun anew. */
const watchSeconds = 240;
const mostAnswer = 4 * 1024 * 1024;

/** What the API answered with instead of what was asked. */
export class KubernetesError extends Error {
  readonly status: number;

  constructor(status: number, what: string, message: string) {
    super(`${what}: the API answered ${status}: ${message}`);
    this.name = 'KubernetesError';
    this.status = status;
  }
}

interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

/**
 * The Kubernetes API as a pod finds it (kubernetes.io/docs/tasks/run-application/access-api-from-pod): by its service account. A client
 * library would take 40 MB for the three calls that are made here.
 */
export class Kubernetes {
  /** That of the pod. */
  readonly namespace = readFileSync(`${account}/namespace`, 'utf8').trim();
  readonly #agent = new Agent({ keepAlive: true, ca: readFileSync(`${account}/ca.crt`), maxSockets: 4 });

  get<T>(path: string): Promise<T> {
    return this.#call<T>('GET', path);
  }

  /** A merge patch (RFC 7396). */
  patch<T>(path: string, body: object): Promise<T> {
    return this.#call<T>('PATCH', path, JSON.stringify(body));
  }

  /** Resolves when the API server has ended it. */
  async watch<T>(path: string, onEvent: (event: WatchEvent<T>) => void): Promise<void> {
    const sent = this.#send('GET', `${path}&watch=true&timeoutSeconds=${watchSeconds}`);
    sent.outgoing.setTimeout((watchSeconds + 30) * 1_000, () => sent.outgoing.destroy(new Error('nothing was heard')));
    sent.outgoing.end();
    const answer = await sent.answer;
    if (answer.statusCode !== 200)
      throw new KubernetesError(answer.statusCode ?? 0, `watch ${path}`, await text(answer));
    for await (const line of createInterface(answer)) onEvent(JSON.parse(line) as WatchEvent<T>);
  }

  async #call<T>(method: string, path: string, body?: string): Promise<T> {
    const sent = this.#send(method, path);
    sent.outgoing.setTimeout(patienceMs, () => sent.outgoing.destroy(new Error(`no answer in ${patienceMs} ms`)));
    sent.outgoing.end(body);
    const answer = await sent.answer;
    const content = await text(answer);
    const status = answer.statusCode ?? 0;
    if (status === 200) return JSON.parse(content) as T;
    throw new KubernetesError(status, `${method} ${path}`, content.slice(0, 500));
  }

  #send(method: string, path: string) {
    const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
    const outgoing = request({
      host,
      port,
      path,
      method,
      agent: this.#agent,
      headers: {
        accept: 'application/json',
        // Read each time: the kubelet renews it.
        authorization: `Bearer ${readFileSync(`${account}/token`, 'utf8').trim()}`,
        ...(method === 'PATCH' && { 'content-type': 'application/merge-patch+json' }),
      },
    });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.once('error', reject);
    });
    return { outgoing, answer };
  }
}

async function text(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    size += (chunk as Buffer).length;
    if (size > mostAnswer) throw new Error(`the API answered with more than ${mostAnswer} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}
