import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';

/** What a request is passed on to. */
export interface ProxyTarget {
  scheme: 'http' | 'https';
  /** The path on the API server that stands for the target's `/`. */
  base: string;
  /** With its query, as it was sent. */
  path: string;
  /** Rejects when there is nobody. */
  dial(): Promise<Duplex>;
}

/** Between two neighbours only (RFC 9110, section 7.6.1), and so not passed on. */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/**
 * Passes a request on and its answer back. Resolves when all of the answer is on its way; rejects when there was none.
 *
 * @param takeOver for a request with an Upgrade: hands out the client's socket once the target agrees, or throws
 */
export async function proxyRequest(
  req: IncomingMessage,
  res: ServerResponse,
  target: ProxyTarget,
  takeOver?: () => { socket: Duplex; head: Buffer },
): Promise<void> {
  const socket = await dialTarget(target);
  res.on('close', () => socket.destroy());
  const agent = new Agent({ keepAlive: false });
  agent.createConnection = () => socket;
  const { method, headers } = req;
  const outgoing = httpRequest({
    agent,
    method,
    path: target.path,
    headers: requestHeaders(req, target, takeOver !== undefined),
  });
  if (takeOver) outgoing.end();
  // A client that breaks off ends the answer as well.
  else if (headers['content-length'] || headers['transfer-encoding']) pipeline(req, outgoing, () => undefined);
  else outgoing.end();
  await new Promise<void>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('upgrade', (answer, behind: Duplex, head: Buffer) => {
      try {
        if (takeOver) joinUpgraded(answer, behind, head, takeOver());
        else behind.destroy();
        resolve();
      } catch (error) {
        behind.destroy();
        reject(error as Error);
      }
    });
    outgoing.on('response', (answer) => {
      res.writeHead(answer.statusCode!, answer.statusMessage, responseHeaders(answer, target));
      pipeline(answer, res, () => resolve());
    });
  });
}

async function dialTarget({ scheme, dial }: ProxyTarget): Promise<Duplex> {
  const socket = await dial();
  socket.on('error', () => undefined);
  if (scheme === 'http') return socket;
  // As upstream: nobody has said whom to trust.
  const secure = tlsConnect({ socket, rejectUnauthorized: false });
  await new Promise<void>((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject));
  return secure;
}

/** Without what the client said to the API server alone, and with what it would not know otherwise. */
function requestHeaders(req: IncomingMessage, { base, path }: ProxyTarget, upgrades: boolean): OutgoingHttpHeaders {
  const headers = withoutHops(req);
  for (const name of Object.keys(headers)) {
    if (name === 'authorization' || name.startsWith('impersonate-')) delete headers[name];
  }
  const before = req.headers['x-forwarded-for'];
  const address = req.socket.remoteAddress ?? '';
  headers['x-forwarded-for'] = before ? `${String(before)}, ${address}` : address;
  headers['x-forwarded-uri'] = base + path.split('?')[0]!;
  if (req.headers['transfer-encoding']) headers['transfer-encoding'] = 'chunked';
  return upgrades
    ? { ...headers, connection: 'Upgrade', upgrade: req.headers.upgrade }
    : { ...headers, connection: 'close' };
}

function responseHeaders(answer: IncomingMessage, { base }: ProxyTarget): OutgoingHttpHeaders {
  const headers = withoutHops(answer);
  const { location } = answer.headers;
  // A path of the target's own is one below the proxy for the client; another host is none of ours.
  if (location?.startsWith('/') && !location.startsWith('//') && !location.startsWith(base))
    headers.location = base + location;
  return headers;
}

function withoutHops({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const others = Object.entries(headers).filter(([name]) => !hopByHop.includes(name) && !named.includes(name));
  return Object.fromEntries(others);
}

/** Both have agreed on another protocol: from here on bytes are bytes. */
function joinUpgraded(
  answer: IncomingMessage,
  behind: Duplex,
  head: Buffer,
  client: { socket: Duplex; head: Buffer },
): void {
  const lines = answer.rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${answer.rawHeaders[index + 1]}`] : [],
  );
  client.socket.write(`HTTP/1.1 101 ${answer.statusMessage}\r\n${lines.join('\r\n')}\r\n\r\n`);
  if (head.length > 0) client.socket.write(head);
  if (client.head.length > 0) behind.write(client.head);
  // The server's own listeners and those of both ways are more than the ten that Node takes for a leak.
  client.socket.setMaxListeners(20);
  pipeline(client.socket, behind, client.socket, () => undefined);
}
