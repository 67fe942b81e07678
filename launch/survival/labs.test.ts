import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { root } from '../product.ts';

for (const lab of readdirSync(join(root, 'labs')).filter((name) => /^\d\d-/.test(name))) {
  test(`on a running shop no check of ${lab} holds at its step’s start, and each is met at its solution`, async () => {
    const prover = spawn(process.execPath, ['labs/cli/main.ts', 'prove', lab], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PORT: '0' },
    });
    const said = Promise.all([text(prover.stdout), text(prover.stderr)]);
    const [code] = (await once(prover, 'exit')) as [number | null];
    assert.equal(code, 0, (await said).join('\n'));
  });
}
