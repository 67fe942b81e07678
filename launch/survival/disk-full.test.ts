import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { noSmallDisk, smallDisk } from '../../cluster/embedded/testing/small-disk.ts';
import { startProduct } from '../product.ts';

test(
  'a disk that fills up is told of everywhere, nothing ends of it, and orders go on when there is space',
  { skip: noSmallDisk },
  async (t) => {
    const disk = smallDisk(400);
    t.after(() => disk.remove());
    const home = join(disk.folder, 'home');
    const product = await startProduct({ home });
    t.after(() => product.stop());
    const ask = async (path: string, init?: RequestInit) => {
      const answer = await fetch(product.url + path, { ...init, signal: AbortSignal.timeout(5_000) });
      return { status: answer.status, text: await answer.text() };
    };
    const until = async (what: string, holds: () => Promise<boolean>) => {
      const end = performance.now() + 60_000;
      while (!(await holds())) {
        assert.ok(performance.now() < end, `not within a minute: ${what}\n${product.output()}`);
        await delay(100);
      }
    };
    const full = `The disk of ${home} is full: 0 MB are free. Free some space there;`;

    await until('the health says that the disk is full', async () => {
      disk.fill();
      const { status, text } = await ask('/healthz');
      return status === 503 && text.startsWith(full);
    });
    assert.equal((await ask('/livez')).status, 200, 'the lab lives');
    const { cluster } = JSON.parse((await ask('/api/state')).text) as {
      cluster: { problem: string; connected: boolean };
    };
    assert.ok(cluster.problem.startsWith(full), 'the page says so');
    assert.ok(cluster.connected, 'and the cluster lives');
    const body = JSON.stringify({ option: '500ms' });
    const headers = { 'content-type': 'application/json' };
    const refused = await ask('/api/patterns/timeout', { method: 'PUT', body, headers });
    assert.deepEqual([refused.status, /"disk-full"/.test(refused.text)], [507, true], refused.text);

    disk.empty();
    const since = performance.now();
    await until('orders are accepted again', async () => (await ask('/healthz')).status === 200);
    t.diagnostic(`orders were accepted ${((performance.now() - since) / 1000).toFixed(1)} s after there was space`);
    assert.doesNotMatch(product.output(), /ended/, 'none of our processes has ended');
  },
);
