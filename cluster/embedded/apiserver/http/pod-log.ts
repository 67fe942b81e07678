import type { Pod } from '../../kinds/types.ts';
import { badRequest } from '../api-error.ts';
import type { LogOptions, NodeProxy } from '../api.ts';
import { flag, wholeNumber, type Call } from './call.ts';

/** GET pods/<name>/log: what a container wrote, as plain text; with `follow` until it ends or the client leaves. */
export async function sendLog(call: Call, nodes: NodeProxy): Promise<void> {
  const { res, query, resource } = call;
  const pod = resource.get(call.name!, call.namespace) as Pod;
  const container = containerOf(pod, query.get('container'));
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  // The first bytes decide whether the answer is a log or a Status, so nothing is sent before they are there.
  const chunks = nodes.logs(pod, container, logOptions(query), gone.signal)[Symbol.asyncIterator]();
  const begin = () => {
    if (!res.headersSent) res.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders();
  };
  try {
    // A log that is followed may stay silent for long; its reader should know that it is there.
    const quiet = setTimeout(begin, 100);
    for (let next = await chunks.next(); ; next = await chunks.next()) {
      clearTimeout(quiet);
      begin();
      if (next.done) break;
      if (!res.write(next.value)) await drained(res, gone.signal);
    }
    res.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    await chunks.return?.();
  }
}

function containerOf(pod: Pod, asked: string | null): string {
  const names = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map(({ name }) => name);
  if (asked) {
    if (names.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
  }
  const preferred = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (preferred && names.includes(preferred)) return preferred;
  if (names.length === 1) return names[0]!;
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
  );
}

function logOptions(query: URLSearchParams): LogOptions {
  const sinceTime = query.get('sinceTime');
  const since = sinceTime ? Date.parse(sinceTime) : undefined;
  if (Number.isNaN(since)) throw badRequest(`sinceTime is "${sinceTime}"; it has to be an RFC 3339 timestamp`);
  return {
    follow: flag(query, 'follow'),
    previous: flag(query, 'previous'),
    timestamps: flag(query, 'timestamps'),
    tailLines: wholeNumber(query, 'tailLines'),
    sinceSeconds: since === undefined ? wholeNumber(query, 'sinceSeconds') : Math.ceil((Date.now() - since) / 1000),
    limitBytes: wholeNumber(query, 'limitBytes'),
  };
}

function drained(res: Call['res'], gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done);
      gone.removeEventListener('abort', done);
      resolve();
    };
    res.on('drain', done);
    gone.addEventListener('abort', done);
    if (gone.aborted) done();
  });
}
