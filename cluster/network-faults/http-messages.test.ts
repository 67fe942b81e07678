import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HttpMessages } from './http-messages.ts';

const body = fc.string({ unit: 'binary-ascii', maxLength: 300 });
const request = fc.record({ method: fc.constantFrom('GET', 'POST', 'M-SEARCH'), body, chunked: fc.boolean() });

function written({ method, body, chunked }: { method: string; body: string; chunked: boolean }): string {
  const head = `${method} / HTTP/1.1\r\nhost: x\r\n`;
  if (!chunked) return `${head}content-length: ${body.length}\r\n\r\n${body}`;
  const chunk = body.length > 0 ? `${body.length.toString(16)}\r\n${body}\r\n` : '';
  return `${head}transfer-encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`;
}

test('however messages are cut into chunks, each is found, and no byte is lost or changed', () => {
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 5 }), fc.array(fc.nat(400)), (requests, sizes) => {
      const bytes = Buffer.from(requests.map(written).join(''), 'latin1');
      const messages = new HttpMessages('REQUEST');
      const found: string[] = [];
      for (let from = 0, i = 0; from < bytes.length; i++) {
        const size = 1 + (sizes[i % Math.max(1, sizes.length)] ?? 100);
        const { parts, rest } = messages.cut(bytes.subarray(from, from + size));
        assert.equal(rest, null);
        for (const part of parts) {
          if (part.begins) found.push('');
          found.push(found.pop()! + part.bytes.toString('latin1'));
        }
        from += size;
      }
      assert.deepEqual(found, requests.map(written));
      assert.ok(messages.between);
    }),
  );
});

test('a head that never ends is no HTTP: all of it is let through', () => {
  const messages = new HttpMessages('REQUEST');
  const line = Buffer.from(`x: ${'y'.repeat(1_000)}\r\n`);
  assert.equal(messages.cut(Buffer.from('GET / HTTP/1.1\r\n')).rest, null);
  let lines = 0;
  let rest: Buffer | null = null;
  for (; !rest; lines++) ({ rest } = messages.cut(line));
  assert.equal(rest.length, 'GET / HTTP/1.1\r\n'.length + lines * line.length);
  assert.ok(rest.length < 100_000);
});
