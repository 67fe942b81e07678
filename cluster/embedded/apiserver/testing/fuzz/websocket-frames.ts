import fc from 'fast-check';

interface FrameParts {
  opcode: number;
  payload?: Uint8Array;
  /** False for a frame whose message goes on in the next one. */
  fin?: boolean;
  /** The three reserved bits. */
  rsv?: number;
  masked?: boolean;
  /** The length that stands in the frame; that of the payload unless it lies. */
  announced?: bigint;
  /** Bytes of the length behind the first seven bits of it. */
  lengthBytes?: 0 | 2 | 8;
}

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A frame as RFC 6455, section 5.2, draws it. Its mask is of zeros, which leave the payload as it is. */
export function webSocketFrame({
  opcode,
  payload = Buffer.alloc(0),
  fin = true,
  rsv = 0,
  masked = true,
  announced = BigInt(payload.length),
  lengthBytes = announced < 126n ? 0 : announced < 0x10000n ? 2 : 8,
}: FrameParts): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(announced);
  const short = { 0: Number(announced & 0x7fn), 2: 126, 8: 127 }[lengthBytes];
  return Buffer.concat([
    Buffer.of((fin ? 0x80 : 0) | (rsv << 4) | opcode, (masked ? 0x80 : 0) | short),
    length.subarray(8 - lengthBytes),
    Buffer.alloc(masked ? 4 : 0),
    payload,
  ]);
}

const bytes = fc.uint8Array({ maxLength: 200 });
const json = fc.oneof(
  fc.record({ Width: fc.integer({ min: 1, max: 300 }), Height: fc.integer({ min: 1, max: 100 }) }),
  fc.constantFrom<unknown>({ Width: -1, Height: 0 }, { Width: 1e9, Height: '24' }, { Width: 80 }, null, [], 0, 'x', {}),
  fc.constant({ Width: 80, Height: 24, more: 'a'.repeat(5000) }),
);

/** The messages of v4 and v5.channel.k8s.io: the number of a channel, and what goes there. */
const messages = fc.oneof(
  { weight: 6, arbitrary: bytes.map((data) => [0, ...data]) },
  { weight: 2, arbitrary: json.map((size) => [4, ...Buffer.from(JSON.stringify(size))]) },
  { weight: 1, arbitrary: bytes.map((data) => [4, ...data]) },
  { weight: 2, arbitrary: fc.tuple(fc.constant(255), fc.constantFrom(0, 0, 1, 4, 254, 255)) },
  { weight: 2, arbitrary: fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)) },
  { weight: 1, arbitrary: fc.constantFrom([], [0], [255], [3]) },
  { weight: 1, arbitrary: fc.constant([0, ...Buffer.alloc(70_000, 'x')]) },
);
const message = fc
  .tuple(messages, fc.constantFrom(opcodes.binary, opcodes.binary, opcodes.binary, opcodes.text))
  .map(([payload, opcode]) => webSocketFrame({ opcode, payload: Uint8Array.from(payload) }));

const control = fc
  .tuple(fc.constantFrom(opcodes.ping, opcodes.pong), fc.uint8Array({ maxLength: 125 }))
  .map(([opcode, payload]) => webSocketFrame({ opcode, payload }));

const closeCodes = [0, 999, 1000, 1001, 1002, 1004, 1005, 1006, 1009, 1011, 1015, 2999, 3000, 4999, 5000, 65535];
const close = fc
  .tuple(fc.constantFrom(...closeCodes), fc.constantFrom('', 'done', '\xff\xfe', 'a'.repeat(123)), fc.nat(9))
  .map(([code, reason, cut]) => {
    const payload = Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason, 'latin1')]);
    return webSocketFrame({ opcode: opcodes.close, payload: cut < 2 ? payload.subarray(0, cut) : payload });
  });

/** What RFC 6455 forbids, one thing at a time. */
const broken = fc.oneof(
  fc.constantFrom(3, 4, 7, 11, 15).map((opcode) => ({ opcode })),
  fc.integer({ min: 1, max: 7 }).map((rsv) => ({ opcode: opcodes.binary, rsv })),
  fc.constantFrom(opcodes.close, opcodes.ping, opcodes.pong).map((opcode) => ({ opcode, fin: false })),
  fc.constantFrom(opcodes.close, opcodes.ping, opcodes.pong).map((opcode) => ({ opcode, payload: Buffer.alloc(126) })),
  bytes.map((payload) => ({ opcode: opcodes.binary, masked: false, payload })),
  bytes.map((payload) => ({ opcode: opcodes.continuation, payload })),
  // Lengths that are longer than they need to be, or longer than anything.
  bytes.map((payload) => ({ opcode: opcodes.binary, payload, lengthBytes: 8 as const })),
  fc
    .constantFrom(126n, 65_536n, 2n ** 24n, 2n ** 24n + 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n)
    .map((announced) => ({ opcode: opcodes.binary, payload: Buffer.from('\0half'), announced })),
  fc.constant({ opcode: opcodes.text, payload: Buffer.of(0, 0xc3, 0x28) }),
);

/** A message in pieces, with something in between that may or may not stand there. */
const fragments = fc
  .tuple(fc.array(bytes, { minLength: 2, maxLength: 5 }), fc.oneof(fc.constant(Buffer.alloc(0)), control, message))
  .map(([pieces, between]) =>
    Buffer.concat(
      pieces.flatMap((payload, index) => {
        const opcode = index === 0 ? opcodes.binary : opcodes.continuation;
        return [webSocketFrame({ opcode, payload, fin: index === pieces.length - 1 }), between];
      }),
    ),
  );

/** Much of what is little: pings, sizes of a terminal, pieces of a message, input. */
const flood = fc
  .tuple(
    fc.constantFrom(
      webSocketFrame({ opcode: opcodes.ping, payload: Buffer.alloc(125) }),
      webSocketFrame({ opcode: opcodes.binary, payload: Buffer.from('\x04{"Width":80,"Height":24}') }),
      webSocketFrame({ opcode: opcodes.binary, payload: Buffer.of(0), fin: false }),
      webSocketFrame({ opcode: opcodes.continuation, payload: Buffer.of(0), fin: false }),
      webSocketFrame({ opcode: opcodes.binary, payload: Buffer.from('\0input\n') }),
      webSocketFrame({ opcode: opcodes.binary }),
    ),
    fc.integer({ min: 2, max: 5000 }),
  )
  .map(([frame, count]) => Buffer.concat(Array<Buffer>(count).fill(frame)));

/** A few frames that one client sends, most of them right. */
export const webSocketFrames: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: message },
      { weight: 2, arbitrary: control },
      { weight: 1, arbitrary: close },
      { weight: 2, arbitrary: broken.map(webSocketFrame) },
      { weight: 2, arbitrary: fragments },
      { weight: 1, arbitrary: flood },
    ),
    { maxLength: 7 },
  )
  .map((frames) => Buffer.concat(frames));

/** Bytes in binary messages, as a tunnel carries them. */
export function inMessages(content: Buffer, size: number): Buffer {
  const pieces = Array.from({ length: Math.ceil(content.length / size) }, (_, index) =>
    content.subarray(index * size, (index + 1) * size),
  );
  return Buffer.concat(pieces.map((payload) => webSocketFrame({ opcode: opcodes.binary, payload })));
}
