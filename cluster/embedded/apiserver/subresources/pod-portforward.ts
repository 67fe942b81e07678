import type { Pod } from '../../kinds/types.ts';
import { forwardChannels, PORT_CHANNELS_PROTOCOL, PORTS_LIMIT } from '../../streams/port-forward-channels.ts';
import { PORT_FORWARD_PROTOCOL, servePortForward, type ForwardTarget } from '../../streams/port-forward-pairs.ts';
import { acceptSpdy, offeredIn, wantsSpdy } from '../../streams/upgrade.ts';
import { openTunnel, TUNNEL_PROTOCOL } from '../../streams/websocket-tunnel.ts';
import { badRequest } from '../api-error.ts';
import { checkMayCreate } from '../http/create-permission.ts';
import { storageOf, type ApiRequest } from '../http/request.ts';
import type { Subresource } from '../registry/api-resource.ts';
import { isPod } from './pods.ts';

/** `pods/portforward`: bytes to and from ports of a pod. */
export const podPortForward: Subresource = {
  of: isPod,
  name: 'portforward',
  kind: 'PodPortForwardOptions',
  connect: { verbs: ['create', 'get'], handle: forward },
};

async function forward(request: ApiRequest): Promise<void> {
  checkMayCreate(request);
  const { req, query, takeOver } = request;
  if (!takeOver) throw badRequest('port-forward needs a WebSocket or SPDY: the request has no Upgrade header');
  if (wantsSpdy(req)) {
    checkOffer(offeredIn(req, 'x-stream-protocol-version'), PORT_FORWARD_PROTOCOL);
    const target = targetOf(request);
    const upgrade = { req, ...takeOver() };
    acceptSpdy(upgrade, PORT_FORWARD_PROTOCOL);
    return servePortForward(upgrade.socket, upgrade.socket, target);
  }
  const offered = offeredIn(req, 'sec-websocket-protocol');
  if (offered.includes(TUNNEL_PROTOCOL)) {
    const target = targetOf(request);
    const upgrade = { req, ...takeOver() };
    return servePortForward(await openTunnel(upgrade), upgrade.socket, target);
  }
  checkOffer(offered, TUNNEL_PROTOCOL, PORT_CHANNELS_PROTOCOL);
  const ports = portsOf(query);
  const target = targetOf(request);
  await forwardChannels({ req, ...takeOver() }, target, ports);
}

function targetOf(request: ApiRequest): ForwardTarget {
  const { name, namespace, server } = request;
  const pod = storageOf(request).get(name!, namespace) as Pod;
  const phase = pod.status?.phase;
  if (phase !== 'Running')
    throw badRequest(`unable to forward port because pod is not running. Current status=${phase}`);
  const dial = (port: number) => server.nodes.dial(pod, port, { loopback: true });
  return { name: name!, uid: pod.metadata.uid!, dial };
}

/** @throws ApiError BadRequest when none of the protocols is offered */
function checkOffer(offered: string[], ...spoken: string[]): void {
  if (spoken.some((protocol) => offered.includes(protocol))) return;
  throw badRequest(`port-forward is spoken here as ${spoken.join(' or ')}; the request offers ${offered.join(', ')}`);
}

/** @throws ApiError BadRequest */
function portsOf(query: URLSearchParams): number[] {
  const ports = query.getAll('ports').join().split(',').map(Number);
  const valid = ports.every((port) => Number.isInteger(port) && port > 0 && port < 65536);
  if (ports.length > PORTS_LIMIT || !valid) {
    throw badRequest(`query parameter "ports" has to name ports from 1 to 65535, ${PORTS_LIMIT} at the most`);
  }
  return ports;
}
