import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CodedError } from '../../errors.ts';

/** One request of git's smart protocol (https://git-scm.com/docs/http-protocol). */
export interface GitRequest {
  method: string;
  /** `/info/refs`, `/git-upload-pack` or `/git-receive-pack`. */
  path: string;
  query: string;
  headers: { contentType?: string; contentEncoding?: string; gitProtocol?: string };
  body: Buffer;
}

export interface GitAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface GitBackendOptions {
  /** The repository's folder. */
  dir: string;
  /** Name of the overlay that a push must render. */
  overlay: string;
  /** Where the hook asks what the cluster says to a push. */
  dryRunSocket?: string;
}

/** How long one request may take git, with the rendering of what is pushed. */
const timeoutMs = 30_000;
/** A clone is a few hundred kB. */
const maxAnswerBytes = 64 * 1024 * 1024;

/**
 * Nothing of the machine's, the user's or the repository's hooks: only ours runs. A push adds commits to main; it deletes nothing and
 * rewrites nothing. The working tree is brought along afterwards, so that git need not mind it.
 */
const config: Record<string, string> = {
  'core.symlinks': 'true', // as the commit is written out later
  'core.hooksPath': join(import.meta.dirname, 'hooks'),
  'safe.directory': '*',
  'http.receivepack': 'true',
  'receive.denyCurrentBranch': 'ignore',
  'receive.denyDeletes': 'true',
  'receive.denyNonFastForwards': 'true',
  'receive.maxInputSize': String(8 * 1024 * 1024),
  'receive.autogc': 'false',
  'transfer.fsckObjects': 'true',
  'transfer.hideRefs': 'refs/breakwater',
  'uploadpack.allowFilter': 'false',
};

/** Has git's own `http-backend` answer a request. Throws CodedError `git-missing` or `git-failed`. */
export async function gitBackend(options: GitBackendOptions, request: GitRequest): Promise<GitAnswer> {
  const env = environment(options, request);
  const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const killGroup = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  const timer = setTimeout(killGroup, timeoutMs);
  try {
    return await new Promise<GitAnswer>((resolve, reject) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxAnswerBytes) killGroup();
        else chunks.push(chunk);
      });
      child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-1_000)));
      child.stdin.on('error', () => undefined); // it answers without reading all: its answer counts
      child.on('error', (cause: NodeJS.ErrnoException) => {
        const missing = cause.code === 'ENOENT';
        const what = missing ? 'git is not installed where the lab runs.' : `git cannot be started: ${cause.message}.`;
        reject(new CodedError(missing ? 'git-missing' : 'git-failed', what, { cause }));
      });
      child.on('close', (_code, signal) => {
        const answer = signal ? null : parsed(Buffer.concat(chunks));
        if (answer) return resolve(answer);
        const reason = signal ? `it was ended after ${timeoutMs / 1000} s or ${maxAnswerBytes} bytes` : said.trim();
        reject(new CodedError('git-failed', `git did not answer: ${reason}.`));
      });
      child.stdin.end(request.body);
    });
  } finally {
    clearTimeout(timer);
  }
}

/** What RFC 3875 names, and nothing else of ours: what a learner pushes is read with it. */
function environment(
  { dir, overlay, dryRunSocket }: GitBackendOptions,
  { method, path, query, headers, body }: GitRequest,
) {
  const settings = Object.entries(config).flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    ...{ PATH: process.env['PATH'], HOME: dir, LC_ALL: 'C', TMPDIR: process.env['TMPDIR'] },
    ...{
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      GIT_CONFIG_COUNT: String(settings.length / 2),
    },
    ...Object.fromEntries(settings),
    ...{ GIT_PROJECT_ROOT: join(dir, '.git'), GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: path, QUERY_STRING: query },
    ...{ REQUEST_METHOD: method, REMOTE_USER: 'learner', REMOTE_ADDR: '127.0.0.1' },
    ...{ CONTENT_TYPE: headers.contentType ?? '', CONTENT_LENGTH: String(body.length) },
    ...(headers.contentEncoding && { HTTP_CONTENT_ENCODING: headers.contentEncoding }),
    ...(headers.gitProtocol && { GIT_PROTOCOL: headers.gitProtocol }),
    ...{ BREAKWATER_NODE: process.execPath, BREAKWATER_CHECK: join(import.meta.dirname, 'check-push.ts') },
    BREAKWATER_OVERLAY: overlay,
    ...(dryRunSocket !== undefined && { BREAKWATER_DRY_RUN: dryRunSocket }),
  };
}

/** The answer as a CGI program writes it (RFC 3875, 6): header lines, an empty line, the body. Null when it is none. */
function parsed(output: Buffer): GitAnswer | null {
  const end = output.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const lines = output.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const { status = '200', ...rest } = headers;
  return { status: Number.parseInt(status, 10), headers: rest, body: output.subarray(end + 4) };
}
