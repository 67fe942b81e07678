import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { GitAnswer, GitRequest } from '../desired-state/push/git-backend.ts';
import { CodedError } from '../errors.ts';
import { receiveOtlp } from '../telemetry/otlp/receiver.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { ApiApp } from './api-app.ts';
import { errorBody, toCoded } from './error-answer.ts';
import type { Door } from './door/door.ts';
import { answerGit, gitPath } from './git-door.ts';
import { welcomeParticipant } from './participant.ts';
import { securityHeaders } from './security-headers.ts';
import { UnreadAnswers } from './unread-answers.ts';

export interface ListenerOptions {
  app: ApiApp;
  telemetry: Telemetry;
  metrics: { contentType: string; text(): Promise<string> };
  /** Null when customers' orders are accepted, else what is wrong. */
  unhealthy: () => string | null;
  /** Answers everything that is not the API's: the page. */
  page: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  door: Door;
  git: (request: GitRequest) => Promise<GitAnswer>;
  onProblem: (error: unknown) => void;
}

/** What the server does with a request, from the guard to the room that answers it. */
export function createListener(options: ListenerOptions): RequestListener {
  const { app, telemetry, metrics, unhealthy, page, door, git, onProblem } = options;
  const api = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const unread = new UnreadAnswers();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const path = request.url?.split('?')[0] ?? '/';
    // Telemetry has bounds of its own, and whether the lab lives must be told at any time.
    if (!path.startsWith('/v1/') && path !== '/livez') await unread.admit();
    if (path.startsWith(`${gitPath}/`)) return answerGit({ door, git }, request, response);
    if (door.receive(request, response)) return;
    if (path === '/api' || path.startsWith('/api/')) {
      welcomeParticipant(request, response);
      await api(request, response);
    } else if (path.startsWith('/v1/')) {
      await takeTelemetry(telemetry, path, request, response);
    } else if (path === '/livez') {
      readOnly(request, path);
      send(response, 200, 'text/plain; charset=utf-8', 'ok\n');
    } else if (path === '/healthz') {
      readOnly(request, path);
      const missing = unhealthy();
      send(response, missing ? 503 : 200, 'text/plain; charset=utf-8', `${missing ?? 'ok'}\n`);
    } else if (path === '/metrics') {
      readOnly(request, path);
      send(response, 200, metrics.contentType, await metrics.text());
    } else {
      readOnly(request, path);
      if (!path.startsWith('/_next/')) welcomeParticipant(request, response);
      await page(request, response);
    }
  }

  return (request, response) => {
    if (!unread.begin(request, response)) return;
    answer(request, response).catch((error: unknown) => {
      const coded = toCoded(error);
      if (coded.code === 'internal-error') onProblem(error);
      if (response.headersSent) response.destroy();
      else sendError(response, coded);
    });
  };
}

/** OTLP exporters do not wait for long: their requests go straight to the receiver. */
async function takeTelemetry(
  telemetry: Telemetry,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = { get: (name: string) => [request.headers[name] ?? null].flat()[0] ?? null };
  const {
    status,
    headers: answered,
    body,
  } = await receiveOtlp(
    { method: request.method ?? 'GET', path, headers, body: request.iterator({ destroyOnReturn: false }) },
    telemetry,
  );
  if (!request.complete) response.setHeader('connection', 'close'); // refused half-read; the rest is not waited for
  response.writeHead(status, answered).end(body);
}

function readOnly(request: IncomingMessage, path: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  throw new CodedError('method-not-allowed', `${path} is not offered with ${request.method}.`);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

function sendError(response: ServerResponse, error: CodedError): void {
  if (error.code === 'method-not-allowed') response.setHeader('allow', 'GET, HEAD');
  if (error.code === 'too-busy') response.setHeader('retry-after', '1');
  if (error.status !== 404) response.setHeader('connection', 'close'); // a body may be on its way that nobody reads
  send(response, error.status, 'application/json', JSON.stringify(errorBody(error)));
}
