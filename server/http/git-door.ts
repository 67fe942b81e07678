import type { IncomingMessage, ServerResponse } from 'node:http';
import { CodedError } from '../errors.ts';
import type { GitAnswer, GitRequest } from '../desired-state/push/git-backend.ts';
import type { Door } from './door/door.ts';

export interface GitDoorOptions {
  door: Pick<Door, 'guard' | 'opensWith'>;
  /** Answers a request of the smart protocol. */
  git: (request: GitRequest) => Promise<GitAnswer>;
}

/** Where `git clone` and `git push` lead. */
export const gitPath = '/desired-state.git';
const services = ['/info/refs', '/git-upload-pack', '/git-receive-pack'];
/** As a pack travels: a desired state is a few hundred kB of text. */
const maxBodyBytes = 8 * 1024 * 1024;

/**
 * The desired state as a git remote. Whoever reads it or pushes to it, also from this machine, shows the access code as the password: any
 * local user reaches the loopback, and what is in there runs.
 * What is refused is said as plain text, which git shows to whoever pushes. Throws what nobody foresaw.
 */
export async function answerGit(
  options: GitDoorOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await answer(options, request, response);
  } catch (error) {
    if (!(error instanceof CodedError) || response.headersSent) throw error;
    const headers = { 'content-type': 'text/plain; charset=utf-8', connection: 'close' };
    response.writeHead(error.status, headers).end(`${error.message} ${error.action}\n`);
  }
}

async function answer(
  { door, git }: GitDoorOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  door.guard(request);
  if (!door.opensWith(passwordOf(request))) {
    const text =
      'The password is the access code of the lab: in the file access-code of its state folder. Any name will do.\n';
    const headers = { 'www-authenticate': 'Basic realm="Breakwater"', 'content-type': 'text/plain; charset=utf-8' };
    response.writeHead(401, { ...headers, connection: 'close' }).end(text);
    return;
  }
  const [path = '', query = ''] = (request.url ?? '').slice(gitPath.length).split('?', 2);
  const expected = path === '/info/refs' ? 'GET' : 'POST';
  if (!services.includes(path) || request.method !== expected) {
    throw new CodedError('unknown-path', `There is nothing at ${request.method} ${gitPath}${path} for git.`);
  }
  const { headers } = request;
  const answer = await git({
    method: expected,
    path,
    query: /^service=git-(upload|receive)-pack$/.test(query) ? query : '',
    headers: {
      contentType: headers['content-type'],
      contentEncoding: headers['content-encoding'] === 'gzip' ? 'gzip' : undefined,
      gitProtocol: /^version=\d$/.exec([headers['git-protocol']].flat()[0] ?? '')?.[0],
    },
    body: await bodyOf(request),
  });
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

function passwordOf({ headers }: IncomingMessage): string {
  const encoded = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const pair = Buffer.from(encoded, 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new CodedError('body-too-large', `A push may have ${maxBodyBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
