import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { TraceRequest } from './messages.ts';

/** How much of the machine's memory the receiver's process has now (VmRSS), or had at most (VmHWM), in MB. */
const residentMb = (pid: number, line: 'VmRSS' | 'VmHWM') =>
  Number(new RegExp(`${line}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const skip = process.platform !== 'linux' && 'resident memory is read from /proc';

const unseen = () => randomBytes(8).toString('hex');

/** A request of spans that end now. Their names, services and attributes are as `text` says: such as nobody has seen. */
function madeUp(spans: number, attributes: number, text = unseen): Uint8Array {
  const end = Date.now() * 1e6;
  const resourceSpans = Array.from({ length: spans }, () => ({
    resource: { attributes: [attribute('service.name', text()), attribute('k8s.namespace.name', 'shop')] },
    scopeSpans: [
      {
        spans: [
          {
            ...{ traceId: randomBytes(16), spanId: randomBytes(8), name: text(), kind: 3 },
            ...{ startTimeUnixNano: end - Math.random() * 1e9, endTimeUnixNano: end },
            attributes: [
              attribute('server.address', text()),
              ...Array.from({ length: attributes }, () => attribute(text(), text())),
            ],
          },
        ],
      },
    ],
  }));
  return TraceRequest.encode(TraceRequest.fromObject({ resourceSpans })).finish();
}

function attribute(key: string, stringValue: string) {
  return { key, value: { stringValue } };
}

describe('a receiver under a flood', { skip }, () => {
  let child: ChildProcess;
  let url: string;
  let resting: number;
  const post = (body: Uint8Array, headers: Record<string, string> = PROTOBUF) =>
    fetch(`${url}/v1/traces`, { method: 'POST', body: body as BodyInit, headers }).then(
      async (response) => (await response.arrayBuffer(), response),
    );

  before(async () => {
    const options = { execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'] };
    child = fork(new URL('../testing/receiver-process.ts', import.meta.url), options);
    const [port] = await once(child, 'message');
    url = `http://127.0.0.1:${port}`;
    // As with the shop behind it: ten words for everything, and as many spans as fill the traces' bound.
    let word = 0;
    const familiar = () => `word-${word++ % 10}`;
    for (let i = 0; i < 200; i++) await post(madeUp(100, 12, familiar));
    resting = residentMb(child.pid!, 'VmRSS');
  });
  after(() => void child.kill('SIGKILL'));

  /** The most it had while `count` requests were sent, `atOnce` of them together. */
  async function peak(body: () => [Uint8Array, Record<string, string>], count: number, atOnce: number) {
    writeFileSync(`/proc/${child.pid}/clear_refs`, '5'); // the most it had is counted from here
    const statuses = new Map<number, number>();
    const sender = async () => {
      for (let i = 0; i < count / atOnce; i++) {
        const { status } = await post(...body());
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
    return { most: residentMb(child.pid!, 'VmHWM'), statuses };
  }

  const empty = Buffer.alloc(7 * 1024 * 1024); // pairs of bytes that each make a message
  for (let i = 0; i < empty.length; i += 2) empty[i] = 0x0a;
  const large = madeUp(1500, 60);
  const emptyZipped = gzipSync(empty);
  const bomb = gzipSync(Buffer.alloc(60 * 1024 * 1024));
  const gzip = { ...PROTOBUF, 'content-encoding': 'gzip' };
  const floods: [string, () => [Uint8Array, Record<string, string>], number, number][] = [
    ['large requests on many connections', () => [large, PROTOBUF], 8, 8],
    ['requests of nothing but empty messages', () => [emptyZipped, gzip], 6, 6],
    ['gzip bombs', () => [bomb, gzip], 6, 6],
    ['names that nobody has seen', () => [madeUp(400, 60), PROTOBUF], 8, 4],
    [
      'JSON of empty values',
      () => [Buffer.from(`{"resourceSpans":[${'{},'.repeat(1_200_000)}{}]}`), { 'content-type': 'application/json' }],
      ...([4, 4] as const),
    ],
  ];
  for (const [what, body, count, atOnce] of floods) {
    test(`of ${what} takes less than twice its memory at rest, and still answers`, async () => {
      const { most, statuses } = await peak(body, count, atOnce);
      assert.ok(most < 2 * resting, `${most.toFixed(0)} MB, at rest ${resting.toFixed(0)} MB`);
      const unexpected = [...statuses.keys()].filter((status) => ![200, 413, 400, 503].includes(status));
      assert.deepEqual(unexpected, []);
      assert.equal((await post(madeUp(1, 1))).status, 200);
    });
  }
});
