import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { SeenSpans } from './seen-spans.ts';

const START = 1_800_000_000_000;
const MB = 1024 * 1024;
const span = (n: number) => [n.toString(16).padStart(32, '0'), n.toString(16).padStart(16, '0')] as const;

describe('spans that have come in', () => {
  test('are known for the whole window, each of them, and forgotten after it', () => {
    const seen = new SeenSpans(MB);
    for (let n = 1; n <= 9000; n++) assert.ok(seen.isNew(...span(n), START + n * 100), `span ${n} is new`);
    for (let n = 1; n <= 9000; n++) assert.ok(!seen.isNew(...span(n), START + 900_000), `span ${n} is known`);
    seen.isNew(...span(9001), START + 1_600_000);
    assert.ok(seen.isNew(...span(1), START + 2_400_000));
  });

  test('cost bytes by how many there are, within the bound whatever comes', () => {
    const seen = new SeenSpans(MB);
    assert.ok(seen.bytes < 16 * 1024);
    const last: string[] = [];
    for (let n = 0; n < 300_000; n++) {
      const ids = randomBytes(24).toString('hex');
      if (n >= 290_000) last.push(ids);
      seen.isNew(ids.slice(0, 32), ids.slice(32), START);
    }
    assert.ok(seen.bytes <= MB, `${seen.bytes} bytes`);
    assert.ok(
      last.every((ids) => !seen.isNew(ids.slice(0, 32), ids.slice(32), START)),
      'the newest are known still',
    );
  });
});
