import type { IncomingMessage } from 'node:http';
import { CodedError } from '../errors.ts';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];
/** How pods name this server, for their telemetry alone. No one can own such a name in public DNS. */
const telemetryNames = /^telemetry(\.[a-z0-9-]+(\.svc(\.cluster\.local)?)?)?$/;

/**
 * Refuses what a browser on this machine may be tricked into: requests under a foreign name (DNS rebinding), and
 * requests that change something, or sockets, from a foreign page. Programs send no Origin and pass.
 * Throws CodedError `host-not-allowed` or `origin-not-allowed`.
 */
export function guard(request: IncomingMessage, extraHosts: readonly string[]): void {
  const host = request.headers.host ?? '';
  const name = hostname(`http://${host}`);
  const allowed = [...loopbackNames, ...extraHosts];
  const telemetry = request.url?.startsWith('/v1/') && telemetryNames.test(name);
  if (!allowed.includes(name) && !telemetry) {
    throw new CodedError('host-not-allowed', `This lab does not answer to the name "${host}".`);
  }
  const { origin } = request.headers;
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  const socket = request.url?.startsWith('/socket.io') || request.headers.upgrade !== undefined;
  if (origin !== undefined && (changes || socket) && URL.parse(origin)?.host !== URL.parse(`http://${host}`)?.host) {
    throw new CodedError('origin-not-allowed', `The page at "${origin}" may not control this lab.`);
  }
}

function hostname(url: string): string {
  return URL.parse(url)?.hostname ?? '';
}
