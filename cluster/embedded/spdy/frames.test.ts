import { deepEqual, equal, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, FrameReader, SpdyError, type Frame } from './frames.ts';

const id = fc.integer({ min: 1, max: 0x7fff_ffff });
const number = fc.integer({ min: 0, max: 0xffff_ffff });
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const plain = { noNullPrototype: true } as const;
const withBlock = fc.record(
  {
    type: fc.constantFrom('SYN_STREAM' as const, 'SYN_REPLY' as const, 'HEADERS' as const),
    id,
    fin: fc.boolean(),
    block: bytes,
  },
  plain,
);
const frames: fc.Arbitrary<Frame> = fc.oneof(
  withBlock,
  fc.record({ type: fc.constant('RST_STREAM' as const), id, status: number }, plain),
  fc.record({ type: fc.constant('PING' as const), id: number }, plain),
  fc.record({ type: fc.constant('GOAWAY' as const), lastId: id, status: number }, plain),
  fc.record({ type: fc.constant('WINDOW_UPDATE' as const), id, delta: id }, plain),
  fc.record(
    {
      type: fc.constant('SETTINGS' as const),
      values: fc.array(fc.record({ id: fc.integer({ min: 0, max: 0xff_ffff }), value: number }, plain), {
        maxLength: 5,
      }),
    },
    plain,
  ),
  fc.record({ type: fc.constant('DATA' as const), id, fin: fc.boolean(), data: bytes }, plain),
);

/** Cuts bytes at the given places. */
function cut(data: Buffer, places: number[]): Buffer[] {
  const edges = [0, ...places.map((place) => place % (data.length + 1)).sort((a, b) => a - b), data.length];
  return edges.slice(1).map((edge, index) => data.subarray(edges[index], edge));
}

/** Joins the pieces of each DATA frame again. */
function whole(pieces: Frame[], sizes: number[]): Frame[] {
  const joined: Frame[] = [];
  let missing = 0;
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece.type !== 'DATA') joined.push(piece);
    else if (missing > 0 && last?.type === 'DATA') {
      last.data = Buffer.concat([last.data, piece.data]);
      last.fin = piece.fin;
      missing -= piece.data.length;
    } else {
      joined.push({ ...piece });
      missing = sizes.shift()! - piece.data.length;
    }
  }
  return joined;
}

describe('frames of SPDY', () => {
  it('come out as they went in, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(frames, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 10 }), (sent, places) => {
        const reader = new FrameReader();
        const data = Buffer.concat(sent.map(encodeFrame));
        const pieces = cut(data, places).flatMap((chunk) => [...reader.read(chunk)]);
        const sizes = sent.flatMap((frame) => (frame.type === 'DATA' ? [frame.data.length] : []));
        deepEqual(whole(pieces, sizes), sent);
      }),
    );
  });

  it('that are malformed are refused with a reason, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(bytes, frames.map(encodeFrame)), { maxLength: 6 }), fc.nat(), (parts, place) => {
        const data = Buffer.concat(parts);
        // A frame with one byte changed comes deeper than noise.
        if (data.length > 0) data[place % data.length]! ^= 1 << (place % 8);
        try {
          [...new FrameReader().read(data)].forEach((frame) => equal(typeof frame.type, 'string'));
        } catch (error) {
          equal(error instanceof SpdyError, true, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('hand a long DATA on before all of it is there', () => {
    const reader = new FrameReader();
    const data = encodeFrame({ type: 'DATA', id: 1, fin: true, data: Buffer.alloc(1000, 'x') });
    const [first] = [...reader.read(data.subarray(0, 108))];
    deepEqual(first, { type: 'DATA', id: 1, fin: false, data: Buffer.alloc(100, 'x') });
    const [last] = [...reader.read(data.subarray(108))];
    deepEqual(last, { type: 'DATA', id: 1, fin: true, data: Buffer.alloc(900, 'x') });
  });

  it('of another version, and control frames without bound, are refused at once', () => {
    throws(() => [...new FrameReader().read(Buffer.from('8002000100000000', 'hex'))], /SPDY version 2/);
    throws(() => [...new FrameReader().read(Buffer.from('8003000100ffffff', 'hex'))], /16777215 bytes/);
    throws(() => [...new FrameReader().read(Buffer.from('0000000001000001', 'hex'))], /stream 0/);
  });

  it('of a type that nobody knows are passed over', () => {
    const unknown = Buffer.from('8003007700000002abcd', 'hex');
    const ping = encodeFrame({ type: 'PING', id: 1 });
    deepEqual([...new FrameReader().read(Buffer.concat([unknown, ping]))], [{ type: 'PING', id: 1 }]);
  });
});
