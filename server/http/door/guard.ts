import type { IncomingMessage } from 'node:http';
import { CodedError } from '../../errors.ts';
import { telemetryServices } from '../../telemetry-endpoint.ts';

/** Names that only this machine gives itself. */
const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

export interface Names {
  /** Names this server answers to, beside those of the loopback. */
  hosts: readonly string[];
  /** Namespaces whose pods send their telemetry here, to the Services that `telemetry-endpoint.ts` announces. */
  namespaces: readonly string[];
}

/**
 * Refuses what a browser may be tricked into: requests under a foreign name (DNS rebinding), requests that change something,
 * and sockets, from a foreign page. Programs send no Origin and pass. Telemetry comes from programs alone: there any Origin is
 * refused, and pods may use the names that its Services have in a cluster.
 * Throws CodedError `host-not-allowed` or `origin-not-allowed`.
 */
export function guard(request: IncomingMessage, names: Names): void {
  const host = request.headers.host ?? '';
  const telemetry = request.url?.startsWith('/v1/') ?? false;
  const allowed = [...loopbackNames, ...names.hosts, ...(telemetry ? serviceNames(names.namespaces) : [])];
  if (!allowed.includes(hostName(request))) {
    throw new CodedError('host-not-allowed', `This lab does not answer to the name "${host}".`);
  }
  const { origin } = request.headers;
  if (origin === undefined) return;
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  const socket = request.url?.startsWith('/socket.io') || request.headers.upgrade !== undefined;
  const foreign = URL.parse(origin)?.host !== URL.parse(`http://${host}`)?.host;
  if (telemetry || ((changes || socket) && foreign)) {
    throw new CodedError('origin-not-allowed', `The page at "${origin}" may not control this lab.`);
  }
}

/** The name in the Host header, as URLs write it: lower case, IPv6 in brackets, no port; empty where it is none. */
export function hostName(request: IncomingMessage): string {
  return URL.parse(`http://${request.headers.host ?? ''}`)?.hostname ?? '';
}

/** Not `telemetry.<namespace>` alone, which may be somebody's public domain (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/). */
function serviceNames(namespaces: readonly string[]): string[] {
  const full = telemetryServices.flatMap((service) => namespaces.map((namespace) => `${service}.${namespace}.svc`));
  return [...telemetryServices, ...full, ...full.map((name) => `${name}.cluster.local`)];
}
