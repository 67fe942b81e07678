import { once } from 'node:events';
import type { Pod } from '../../kinds/types.ts';
import { badRequest } from '../api-error.ts';
import type { LogOptions } from '../api.ts';
import { flag, storageOf, wholeNumber, type ApiRequest } from '../http/request.ts';
import type { Subresource } from '../registry/api-resource.ts';
import { containerOf } from './container-choice.ts';
import { isPod } from './pods.ts';

/** `pods/log`: what a container wrote, as plain text; with `follow` until it ends or the client leaves. */
export const podLog: Subresource = {
  of: isPod,
  name: 'log',
  kind: 'Pod',
  connect: { verbs: ['get'], handle: sendLog },
};

async function sendLog(request: ApiRequest): Promise<void> {
  const { query, name, namespace } = request;
  const pod = storageOf(request).get(name!, namespace) as Pod;
  await sendLogOf(request, pod, containerOf(pod, query.get('container')));
}

/** Answers with the log of a container, as the query wants it. */
export async function sendLogOf({ res, query, server }: ApiRequest, pod: Pod, container: string): Promise<void> {
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  // The first bytes decide whether the answer is a log or a Status, so nothing is sent before they are there.
  const chunks = server.nodes.logs(pod, container, logOptions(query), gone.signal)[Symbol.asyncIterator]();
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
      if (!res.write(next.value)) await once(res, 'drain', { signal: gone.signal });
    }
    res.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    await chunks.return?.();
  }
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
