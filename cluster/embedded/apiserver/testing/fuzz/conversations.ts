import fc from 'fast-check';
import { inBytes } from './mutations.ts';
import { commandStreams, portStreams, spdyFrames } from './spdy-frames.ts';
import { inMessages, webSocketFrame, webSocketFrames } from './websocket-frames.ts';

/** What one client does with one connection. */
export interface Conversation {
  /** The request to upgrade, with the token. */
  request: Buffer;
  /** What follows, in the pieces in which it is written. */
  pieces: Buffer[];
  /** Whether it writes on without having heard that it may. */
  hurries: boolean;
  /** Whether it takes what the server sends, before it leaves. */
  reads: boolean;
  /** How it leaves: one way, both ways at once, or with a close frame first. */
  end: 'half' | 'reset' | 'goodbye';
}

/** What streams lead to, and what is said there. */
interface Target {
  method: string;
  path: string;
  headers: Record<string, string>;
  frames: fc.Arbitrary<Buffer>;
}

/** The pods that they lead to. */
export const pods = { plain: 'web', terminal: 'screen' } as const;
/** Where something listens in the plain one. */
export const echoPort = 8080;

const path = (subresource: string, pod: string = pods.plain) => `/api/v1/namespaces/default/pods/${pod}/${subresource}`;
const webSocket = (protocol: string) => ({
  ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
  ...{ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-protocol': protocol },
});
const spdy = (protocol: string) => ({
  ...{ connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': protocol },
});

function byWebSocket(resource: string, protocol = 'v5.channel.k8s.io', pod?: string): Target {
  return { method: 'GET', path: path(resource, pod), headers: webSocket(protocol), frames: webSocketFrames };
}

function bySpdy(resource: string, streams: string[], pod?: string): Target {
  const frames = spdyFrames(commandStreams(['error', ...streams]));
  return { method: 'POST', path: path(resource, pod), headers: spdy('v4.channel.k8s.io'), frames };
}

/** SPDY in the messages of a WebSocket; also what is no SPDY. */
const tunnel = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(spdyFrames(portStreams(echoPort)), fc.constantFrom(1, 7, 4096, 100_000))
      .map(([content, size]) => inMessages(content, content.length > 10_000 ? 4096 : size)),
  },
  { weight: 1, arbitrary: webSocketFrames },
);

const ports = (...all: number[]) => all.map((port) => `ports=${port}`).join('&');
/** Terminals cost several processes each, so there are fewer. */
const onTerminal: Target[] = [
  byWebSocket('exec?command=cat&stdin=1&stdout=1&tty=1'),
  byWebSocket('attach?stdin=1&stdout=1&tty=1', 'v4.channel.k8s.io', pods.terminal),
  bySpdy('exec?command=cat&stdin=1&stdout=1&tty=1', ['stdin', 'stdout', 'resize']),
];
const plain: Target[] = [
  byWebSocket('exec?command=cat&stdin=1&stdout=1&stderr=1'),
  byWebSocket('exec?command=cat&stdin=1&stdout=1&stderr=1', 'v4.channel.k8s.io'),
  // One that writes without end, and one that never reads.
  byWebSocket('exec?command=yes&stdout=1'),
  byWebSocket('exec?command=sleep&command=600&stdin=1&stdout=1'),
  byWebSocket('exec?command=nothing-of-this-name&stdin=1&stdout=1'),
  byWebSocket('attach?stdin=1&stdout=1&stderr=1'),
  byWebSocket(`portforward?${ports(echoPort, 9, echoPort)}`, 'v4.channel.k8s.io'),
  { ...byWebSocket('portforward', 'SPDY/3.1+portforward.k8s.io'), frames: tunnel },
  { ...byWebSocket('portforward', 'SPDY/3.1+portforward.k8s.io'), frames: tunnel },
  bySpdy('exec?command=cat&stdin=1&stdout=1&stderr=1', ['stdin', 'stdout', 'stderr']),
  bySpdy('exec?command=yes&stdout=1', ['stdout']),
  bySpdy('attach?stdin=1&stdout=1', ['stdin', 'stdout']),
  {
    ...{ method: 'POST', path: path('portforward'), headers: spdy('portforward.k8s.io') },
    frames: spdyFrames(portStreams(echoPort)),
  },
];

/** What a client gets wrong before there is anything to say. */
const handshakes = fc.constantFrom<Record<string, string>>(
  { 'sec-websocket-key': 'x' },
  { 'sec-websocket-version': '99' },
  { 'sec-websocket-protocol': 'base64.channel.k8s.io, v5.channel.k8s.io' },
  { 'sec-websocket-protocol': ',' },
  { 'sec-websocket-protocol': 'v5.channel.k8s.io, SPDY/3.1+portforward.k8s.io' },
  { 'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits' },
  { 'x-stream-protocol-version': 'v1.channel.k8s.io' },
  { upgrade: 'websocket, SPDY/3.1' },
  { upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v4.channel.k8s.io, portforward.k8s.io' },
  { 'content-length': '5' },
);

/** @param terminals whether the machine can make any */
export function conversations(host: string, token: string, terminals: boolean): fc.Arbitrary<Conversation> {
  const targets = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...plain) },
    { weight: terminals ? 1 : 0, arbitrary: fc.constantFrom(...onTerminal) },
  );
  const changes = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(inBytes, { minLength: 1, maxLength: 3 }) },
  );
  const how = fc.record({
    hurries: fc.boolean(),
    reads: fc.constantFrom(true, true, true, false),
    end: fc.constantFrom<Conversation['end']>('half', 'half', 'reset', 'goodbye'),
  });
  const wrong = fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: handshakes });
  const cuts = fc.array(fc.noBias(fc.nat(0xffff)), { maxLength: 3 });
  return targets.chain((target) =>
    fc.tuple(target.frames, changes, wrong, cuts, how).map(([frames, mutations, headers, places, manners]) => {
      const said = mutations.reduce((bytes, change) => (bytes.length > 0 ? change(bytes) : bytes), frames);
      const lines = { host, authorization: `Bearer ${token}`, ...target.headers, ...headers };
      const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
      const request = Buffer.from(`${target.method} ${target.path} HTTP/1.1\r\n${head.join('')}\r\n`);
      return { request, pieces: cut(said, places), ...manners };
    }),
  );
}

/** @param places as shares of the length, in 1/65536 */
function cut(content: Buffer, places: number[]): Buffer[] {
  const edges = places.map((place) => Math.floor((place / 0x10000) * content.length)).sort((a, b) => a - b);
  return [...edges, content.length].map((edge, index) => content.subarray(index === 0 ? 0 : edges[index - 1], edge));
}

/** What a WebSocket client says at its end. */
export const goodbye = webSocketFrame({ opcode: 8, payload: Buffer.of(0x03, 0xe8) });
