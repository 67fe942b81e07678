import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { EndpointSlice, Pod, Service } from '../../kinds/types.ts';
import { HOST_IP, isClusterAddress } from '../../network/addresses.ts';
import { proxyRequest } from '../../streams/reverse-proxy.ts';
import { ApiError, badRequest } from '../api-error.ts';
import { storageOf, type ApiRequest, type ServerContext } from '../http/request.ts';
import type { Subresource, Verb } from '../registry/api-resource.ts';

const verbs: Verb[] = ['create', 'delete', 'get', 'patch', 'update'];

/** `services/proxy`: HTTP to one of the ready endpoints of a Service, named `[scheme:]name[:port]`. */
export const serviceProxy: Subresource = {
  of: ({ group, kind }) => group === '' && kind === 'Service',
  name: 'proxy',
  kind: 'ServiceProxyOptions',
  connect: { verbs, handle: (request) => proxy(request, 'service', endpointOf) },
};

/** `pods/proxy`: HTTP to a port of a pod; without one its first. */
export const podProxy: Subresource = {
  of: ({ group, kind }) => group === '' && kind === 'Pod',
  name: 'proxy',
  kind: 'PodProxyOptions',
  connect: { verbs, handle: (request) => proxy(request, 'pod', podAddressOf) },
};

interface Address {
  ip: string;
  port: number;
}

async function proxy(
  request: ApiRequest,
  what: string,
  resolve: (request: ApiRequest, name: string, port: string) => Address,
): Promise<void> {
  const { req, res, rest, takeOver, server } = request;
  const url = new URL(req.url!, 'https://api');
  const { scheme, name, port } = partsOf(request.name!, what);
  const address = resolve(request, name, port);
  if (rest === '' && !takeOver && (req.method === 'GET' || req.method === 'HEAD')) {
    res.writeHead(301, { location: `${url.pathname}/${url.search}` }).end();
    return;
  }
  const base = url.pathname.slice(0, url.pathname.length - rest.length);
  const target = { scheme, base, path: (rest || '/') + url.search, dial: () => dialAddress(server, address) };
  try {
    await proxyRequest(req, res, target, takeOver);
  } catch (cause) {
    if (cause instanceof ApiError && cause.code === 'TooManyRequests') throw cause;
    throw new ApiError('ServiceUnavailable', `error trying to reach service: ${(cause as Error).message}`, undefined, {
      cause,
    });
  }
}

/** @throws ApiError BadRequest */
function partsOf(text: string, what: string): { scheme: 'http' | 'https'; name: string; port: string } {
  const parts = text.split(':');
  const [scheme, name, port = ''] = parts.length < 3 ? ['', ...parts] : parts;
  if (parts.length > 3 || !name || !['', 'http', 'https'].includes(scheme!)) {
    throw badRequest(`invalid ${what} request ${JSON.stringify(text)}`);
  }
  return { scheme: scheme === 'https' ? 'https' : 'http', name, port };
}

function endpointOf(request: ApiRequest, name: string, wanted: string): Address {
  const { namespace, server } = request;
  const { ports = [] } = (storageOf(request).get(name, namespace) as Service).spec ?? {};
  const numbered = ports.find((port) => port.port === Number(wanted));
  if (/^\d+$/.test(wanted) && !numbered) throw unavailable(`no service port ${wanted} found for service "${name}"`);
  const portName = numbered ? (numbered.name ?? '') : wanted;
  const slices = server.registry
    .kind('EndpointSlice')
    .list({ namespace, labelSelector: `kubernetes.io/service-name=${name}` });
  const addresses = (slices as EndpointSlice[]).flatMap((slice) => {
    const port = slice.ports?.find((each) => (each.name ?? '') === portName)?.port;
    const ready = (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    return port === undefined ? [] : ready.map((endpoint) => ({ ip: endpoint.addresses[0]!, port }));
  });
  const chosen = addresses[Math.floor(Math.random() * addresses.length)];
  if (chosen) return chosen;
  throw unavailable(`no endpoints available for service "${request.name}"`);
}

function podAddressOf(request: ApiRequest, name: string, wanted: string): Address {
  const pod = storageOf(request).get(name, request.namespace) as Pod;
  const ip = pod.status?.podIP;
  if (!ip) throw badRequest('address not allowed');
  const first = pod.spec?.containers.flatMap(({ ports = [] }) => ports).find(() => true)?.containerPort;
  return { ip, port: Number(wanted || first || 80) };
}

/** From the node, past all faults, as upstream: from the API server itself. */
async function dialAddress({ registry, nodes }: ServerContext, { ip, port }: Address): Promise<Duplex> {
  if (ip === HOST_IP) return dialMachine('127.0.0.1', port);
  const pods = registry.kind('Pod').list() as Pod[];
  const pod = pods.find(({ status }) => status?.podIP === ip && status.phase === 'Running');
  // What would be a pod's address means another network to the machine.
  if (!pod && isClusterAddress(ip)) throw new Error(`dial tcp ${ip}:${port}: connect: no route to host`);
  try {
    return await (pod ? nodes.dial(pod, port) : dialMachine(ip, port));
  } catch (cause) {
    const refused = (cause as NodeJS.ErrnoException).code === 'ECONNREFUSED';
    throw refused ? new Error(`dial tcp ${ip}:${port}: connect: connection refused`, { cause }) : cause;
  }
}

function dialMachine(host: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: 30_000 }, () => resolve(socket.setTimeout(0)));
    socket.on('timeout', () => socket.destroy(new Error(`dial tcp ${host}:${port}: i/o timeout`)));
    socket.on('error', reject);
  });
}

function unavailable(message: string): ApiError {
  return new ApiError('ServiceUnavailable', message);
}
