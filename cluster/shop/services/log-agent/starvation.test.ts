import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../testing/free-port.ts';
import { startService } from '../../testing/running-service.ts';
import { startAgent } from './testing/running-agent.ts';
import { startLogSink } from './testing/log-sink.ts';

/** A service with an agent beside it, asked 30 times a second whatever it does: how long answers take, before and while the sink is slow. */
async function measured(t: TestContext, delivery: 'synchronous' | 'buffered') {
  const folder = mkdtempSync(join(tmpdir(), 'starvation-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const sink = await startLogSink();
  t.after(() => sink.close());
  const logging = { LOG_FOLDER: folder, LOG_DELIVERY: delivery };
  const agent = await startAgent(t, sink.url, { ...logging, LOG_SOURCE: 'pod', LOG_BUFFER_LINES: '3' });
  const environment = { ...logging, JWT_SECRET: 'test-secret-of-at-least-32-characters', CUSTOMER_PASSWORD: 'sea' };
  const service = await startService('auth', { port: await freePort(), environment });
  t.after(() => service.process.kill('SIGKILL'));

  async function p95(): Promise<number> {
    const body = JSON.stringify({ email: 'customer-01@shop.example', password: 'sea' });
    const asked: Promise<number>[] = [];
    for (let i = 0; i < 30; i++) {
      const due = performance.now();
      asked.push(
        fetch(`${service.url}/login`, { method: 'POST', body }).then(async (answer) => {
          assert.equal(answer.status, 200);
          await answer.body?.cancel();
          return performance.now() - due;
        }),
      );
      await delay(33);
    }
    return (await Promise.all(asked)).sort((a, b) => a - b)[28]!;
  }
  await p95(); // warm
  const healthy = await p95();
  sink.delayMs = 150;
  return { healthy, slow: await p95(), dropped: (await agent.counts()).dropped };
}

test('a slow sink starves a service that logs synchronously, and not one whose agent buffers and drops', async (t) => {
  const [synchronous, buffered] = await Promise.all([measured(t, 'synchronous'), measured(t, 'buffered')]);
  const told = JSON.stringify({ synchronous, buffered });
  assert.ok(synchronous.slow > 10 * synchronous.healthy, told);
  assert.ok(synchronous.slow > 10 * buffered.slow, told);
  assert.ok(buffered.dropped > 0 && synchronous.dropped === 0, told);
});
