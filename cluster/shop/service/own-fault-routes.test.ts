import { createAdaptorServer } from '@hono/node-server';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod/v3';
import { serviceLog } from './log.ts';
import { ownFaultRoutes } from './own-fault-routes.ts';
import { OwnFaults } from './own-faults.ts';
import { newRoutes } from './routes.ts';

/** Begins a fault, and makes an empty file when it hears that, and another one at its first effect. */
const listener = `
const [url, folder] = process.argv.slice(1);
const body = JSON.stringify({ behaviour: 'slow', remainingMs: 60_000 });
const answer = await fetch(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
const { writeFileSync } = await import('node:fs');
let text = '';
for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
  text += chunk;
  if (text.includes('"delayed":0')) writeFileSync(folder + '/begun', '');
  if (text.includes('"delayed":1')) writeFileSync(folder + '/effect', '');
}`;

test('the first effect is told before the process goes on with the call', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'own-fault-'));
  const faults = new OwnFaults();
  const routes = newRoutes(serviceLog('some'));
  ownFaultRoutes(faults, z.object({ behaviour: z.string(), remainingMs: z.number() }))(routes);
  const server = createAdaptorServer({ fetch: routes.fetch }) as Server;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/behaviour/one`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', listener, url, folder], { stdio: 'inherit' });
  t.after(() => {
    child.kill('SIGKILL');
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  while (!existsSync(join(folder, 'begun'))) await new Promise(setImmediate);

  for (const { count } of faults.acting()) count('delayed');
  // As when the book is written: nothing else of this process has its turn.
  const end = performance.now() + 10_000;
  while (!existsSync(join(folder, 'effect')) && performance.now() < end);
  assert.ok(existsSync(join(folder, 'effect')));
});
