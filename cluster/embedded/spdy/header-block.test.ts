import { deepEqual, rejects } from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { constants, createDeflate, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { dictionary } from './dictionary.ts';
import { SpdyError } from './frames.ts';
import { HeaderReader, HeaderWriter, type Headers } from './header-block.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((value) => value.replaceAll('\0', ''));
const headers: fc.Arbitrary<Headers> = fc
  .array(
    fc.tuple(
      text.map((name) => name.toLowerCase()),
      text,
    ),
    { maxLength: 5 },
  )
  .map((pairs) => new Map(pairs));

function reader(t: TestContext): HeaderReader {
  const made = new HeaderReader();
  t.after(() => made.close());
  return made;
}

/** Blocks as Go's spdystream writes them: one compressed stream, flushed after each. */
async function compressed(...blocks: Buffer[]): Promise<Buffer[]> {
  const deflate = createDeflate({ level: 9, dictionary });
  const results: Buffer[] = [];
  for (const block of blocks) {
    const chunks: Buffer[] = [];
    const take = (chunk: Buffer) => chunks.push(chunk);
    deflate.on('data', take).write(block);
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    deflate.off('data', take);
    results.push(Buffer.concat(chunks));
  }
  deflate.close();
  return results;
}

function block(...texts: string[]): Buffer {
  const count = Buffer.of(0, 0, 0, texts.length / 2);
  return Buffer.concat([count, ...texts.flatMap((each) => [Buffer.of(0, 0, 0, each.length), Buffer.from(each)])]);
}

describe('header blocks of SPDY', () => {
  it('come out as they went in, one after the other', async () => {
    const property = fc.asyncProperty(fc.array(headers, { maxLength: 5 }), async (sent) => {
      const [into, out] = [new HeaderWriter(), new HeaderReader()];
      try {
        for (const each of sent) deepEqual(await out.read(into.write(each)), each);
      } finally {
        out.close();
      }
    });
    await fc.assert(property);
  });

  it('are read when they are compressed against the dictionary and each other', async (t) => {
    const [first, second] = await compressed(block('streamtype', 'error', 'port', '80'), block('streamtype', 'data'));
    const headers = reader(t);
    deepEqual(Object.fromEntries(await headers.read(first!)), { streamtype: 'error', port: '80' });
    deepEqual(Object.fromEntries(await headers.read(second!)), { streamtype: 'data' });
  });

  it('that are no headers are refused with a reason', async (t) => {
    const refused = async (data: Buffer) => rejects(reader(t).read(data), SpdyError);
    await refused(Buffer.from('no zlib at all'));
    const [short] = await compressed(block('name', 'value').subarray(0, 10));
    await refused(short!);
    const [overlong] = await compressed(Buffer.from('00000001ffffffff', 'hex'));
    await refused(overlong!);
    // The last block of a stream that must not end.
    const ended = Buffer.concat([Buffer.from([0x78, 0x01]), deflateRawSync(block('a', 'b'))]);
    await refused(Buffer.concat([ended, Buffer.alloc(4)]));
  });

  it('that inflate without bound are refused', async (t) => {
    const [bomb] = await compressed(Buffer.alloc(10 * 2 ** 20));
    await rejects(reader(t).read(bomb!), /header block of more than/);
  });

  it('never bring the reader down, whatever they hold', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), fc.boolean(), async (noise, begins) => {
      const out = new HeaderReader();
      const start = begins ? new HeaderWriter().write(new Map([['a', 'b']])) : Buffer.alloc(0);
      await out.read(Buffer.concat([start, noise])).catch((error: unknown) => {
        if (!(error instanceof SpdyError)) throw error;
      });
      out.close();
    });
    await fc.assert(property, { numRuns: 500 });
  });
});
