import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { encodeFrame } from '../../../spdy/frames.ts';
import { HeaderWriter, type Headers } from '../../../spdy/header-block.ts';

/** What one client has said so far. */
interface Connection {
  headers: HeaderWriter;
  /** The streams that it has opened. */
  ids: number[];
}

/** The bytes of the next frame, or frames. */
type Step = (connection: Connection) => Buffer;

/** A control frame, whatever stands in it. */
function control(type: number, payload: Buffer, { version = 3, flags = 0, length = payload.length } = {}): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(0x8000 | version);
  header.writeUInt16BE(type, 2);
  header.writeUInt32BE(length, 4);
  header[4] = flags;
  return Buffer.concat([header, payload]);
}

function words(...numbers: number[]): Buffer {
  const all = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, index) => all.writeUInt32BE(number, index * 4));
  return all;
}

/** Text as deflate stores it, for header blocks that say what no HeaderWriter would. */
function stored(content: Buffer): Buffer {
  const length = Buffer.alloc(5);
  length.writeUInt16LE(content.length, 1);
  length.writeUInt16LE(content.length ^ 0xffff, 3);
  return Buffer.concat([length, content, Buffer.of(0, 0, 0, 0xff, 0xff)]);
}

function open(id: number, headers: Headers): Step {
  return ({ headers: writer, ids }) => {
    ids.push(id);
    return encodeFrame({ type: 'SYN_STREAM', id, fin: false, block: writer.write(headers) });
  };
}

/** How a client of exec or attach begins: a stream for each thing that it has asked for. */
export function commandStreams(types: string[]): Step[] {
  return types.map((type, index) => open(2 * index + 1, new Map([['streamtype', type]])));
}

/** How a client of port-forward begins a connection: with a stream for its bytes and one for what goes wrong. */
export function portStreams(port: number): Step[] {
  return ['error', 'data'].map((type, index) =>
    open(
      2 * index + 1,
      new Map([
        ['streamtype', type],
        ['port', `${port}`],
        ['requestid', '0'],
      ]),
    ),
  );
}

/** Inflates to 10 MiB: what follows a stream of zlib that has begun. */
const bomb = deflateRawSync(Buffer.alloc(10 * 2 ** 20), { finishFlush: constants.Z_SYNC_FLUSH });
const blocks = fc.oneof(
  fc.constantFrom(bomb, deflateRawSync(Buffer.from('the end')), Buffer.alloc(0)),
  fc.constantFrom([0xffff_ffff], [1, 0xffff_ffff], [2, 1], []).map((numbers) => stored(words(...numbers))),
  fc.constant(Buffer.alloc(60_000)).map(stored),
  fc.uint8Array({ maxLength: 60 }).map((noise) => Buffer.from(noise)),
);
const names = fc.constantFrom('error', 'data', 'stdin', 'stdout', 'stderr', 'resize', 'nothing', '', '__proto__');
const ports = fc.constantFrom('8080', '9', '0', '-1', '65536', '1e3', '080', 'http', '');
/** Of one of the streams, or of none. */
const which = fc.oneof({ weight: 4, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.constantFrom(-1, -2, -3, -4) });
const idOf = ({ ids }: Connection, at: number) => ids[at] ?? { [-1]: 0x7fff_ffff, [-2]: 2, [-3]: 1001 }[at] ?? 1;
const payloads = fc.oneof(
  fc.uint8Array({ maxLength: 100 }).map((data) => Buffer.from(data)),
  fc.constantFrom(Buffer.from('{"Width":80,"Height":24}\n'), Buffer.from('{"Width":'), Buffer.alloc(70_000, 'x')),
);
const number = fc.constantFrom(0, 1, 5, 0x7fff_ffff, 0xffff_ffff);

const opening = fc
  .tuple(fc.constantFrom(0, 0, 0, 1, 2, -2), names, ports, fc.nat(3), fc.boolean())
  .map(([off, streamtype, port, requestid, plain]): Step => (connection) => {
    const id = Math.max(0, (connection.ids.at(-1) ?? -1) + 2 + off);
    const headers = plain ? { streamtype } : { streamtype, port, requestid: `${requestid}` };
    return open(id, new Map(Object.entries(headers)))(connection);
  });
const data = fc.tuple(which, payloads, fc.nat(4)).map(
  ([at, content, fin]): Step =>
    (connection) =>
      encodeFrame({ type: 'DATA', id: idOf(connection, at), fin: fin === 0, data: content }),
);
const small = fc.tuple(which, number, fc.constantFrom('RST_STREAM', 'WINDOW_UPDATE', 'PING', 'GOAWAY', 'HEADERS'));
const aside = small.map(([at, value, type]): Step => (connection) => {
  const id = idOf(connection, at);
  if (type === 'RST_STREAM') return encodeFrame({ type, id, status: value });
  if (type === 'WINDOW_UPDATE') return encodeFrame({ type, id, delta: value });
  if (type === 'PING') return encodeFrame({ type, id: value });
  if (type === 'GOAWAY') return encodeFrame({ type, lastId: id, status: value });
  return encodeFrame({ type: 'HEADERS', id, fin: true, block: connection.headers.write(new Map([['a', 'b']])) });
});

/** What the draft forbids, one thing at a time. */
const broken = fc.oneof(
  // Other versions and types, and lengths that are not those of their frames.
  fc.constantFrom(0, 1, 2, 4, 0x7fff).map(
    (version): Step =>
      () =>
        control(6, words(1), { version }),
  ),
  fc.integer({ min: 0, max: 12 }).map(
    (type): Step =>
      () =>
        control(type, Buffer.alloc(0)),
  ),
  fc.constantFrom(5, 10, 0xffff).map(
    (type): Step =>
      () =>
        control(type, words(1, 2, 3)),
  ),
  fc.constantFrom(0, 3, 65_536, 65_537, 0xff_ffff).map(
    (length): Step =>
      () =>
        control(1, words(1, 0, 0), { length }),
  ),
  fc.constantFrom(1, 0x1000_0000, 0xffff_ffff).map(
    (count): Step =>
      () =>
        control(4, words(count, 1)),
  ),
  // A stream whose headers do not inflate, or do not end, or hold nothing.
  fc.tuple(fc.constantFrom(1, 2, 8), blocks).map(([type, block]): Step => (connection) => {
    const id = (connection.ids.at(-1) ?? -1) + 2;
    return control(type, Buffer.concat([words(id), type === 1 ? Buffer.alloc(6) : Buffer.alloc(0), block]));
  }),
  // DATA for stream 0, and DATA that never comes.
  fc.constant<Step>(() => words(0, 1)),
  fc.constantFrom(1, 3, 99).map(
    (id): Step =>
      () =>
        Buffer.concat([words(id, 0xff_ffff), Buffer.from('half')]),
  ),
);

const flood = fc
  .tuple(
    fc.constantFrom<'ping' | 'unknown' | 'streams' | 'window'>('ping', 'unknown', 'streams', 'window'),
    fc.nat(3000),
  )
  .map(([what, count]): Step => (connection) => {
    const frames = Array.from({ length: count }, (_, index) => {
      if (what === 'ping') return encodeFrame({ type: 'PING', id: 2 * index + 1 });
      if (what === 'window') return encodeFrame({ type: 'WINDOW_UPDATE', id: 1, delta: 0x7fff_ffff });
      if (what === 'unknown') return encodeFrame({ type: 'DATA', id: 0x7000_0001, fin: false, data: Buffer.of(0) });
      return open((connection.ids.at(-1) ?? -1) + 2, new Map([['streamtype', 'x']]))(connection);
    });
    return Buffer.concat(frames);
  });

/** What one client sends: `begin`, unless it does not even do that, and a few frames, most of them right. */
export function spdyFrames(begin: Step[]): fc.Arbitrary<Buffer> {
  const steps = fc.array(
    fc.oneof(
      { weight: 6, arbitrary: data },
      { weight: 3, arbitrary: opening },
      { weight: 3, arbitrary: aside },
      { weight: 2, arbitrary: broken },
      { weight: 1, arbitrary: flood },
    ),
    { maxLength: 7 },
  );
  return fc.tuple(fc.constantFrom(begin, begin, begin, begin, begin.slice(1)), steps).map(([first, then]) => {
    const connection: Connection = { headers: new HeaderWriter(), ids: [] };
    return Buffer.concat([...first, ...then].map((step) => step(connection)));
  });
}
