import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { root } from '../product.ts';

/**
 * The shortest by calls and the one by events: all of them take longer than `npm test` may. `npm run lab -- prove` proves each of the
 * others before it is shipped, and a page test goes through lab 4 by hand: e2e/whole-lab.spec.ts.
 */
const labs = ['03-events', '05-retries'];

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
