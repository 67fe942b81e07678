import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { root } from '../product.ts';

/** A page test goes through these by hand, and sees the same of them: e2e/whole-lab.spec.ts. */
const inPage = ['04-circuit-breaker'];

const labs = readdirSync(join(root, 'labs')).filter((name) => /^\d\d-/.test(name) && !inPage.includes(name));

for (const lab of labs) {
  test(
    `on a running shop no check of ${lab} holds at its step’s start, and each is met at its solution`,
    { timeout: 300_000 },
    async () => {
      const prover = spawn(process.execPath, ['labs/cli/main.ts', 'prove', lab], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, PORT: '0' },
      });
      const said = Promise.all([text(prover.stdout), text(prover.stderr)]);
      const [code] = (await once(prover, 'exit')) as [number | null];
      const lines = (await said).join('\n');
      assert.equal(code, 0, lines);
      assert.match(lines, new RegExp(`✓ ${lab} `));
    },
  );
}
