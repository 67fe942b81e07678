import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import { StateFile } from './state-file.ts';

function fileIn(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'state-file-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'count.json');
  const problems: string[] = [];
  const onProblem = (error: unknown) => problems.push((error as Error).message);
  const schema = z.object({ orders: z.int() });
  return {
    folder,
    path,
    problems,
    file: new StateFile({ path, schema, withoutIt: 'orders are counted again', onProblem }),
  };
}

test('what is written is read again, and its owner alone may read it', (t) => {
  const { file, path, problems } = fileIn(t);
  assert.equal(file.read(), null);
  file.write({ orders: 7 });
  assert.deepEqual(file.read(), { orders: 7 });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(problems, []);
});

for (const text of ['{"orders":', '{"orders":"many"}', 'null']) {
  test(`${text} is told of by its name, with what follows`, (t) => {
    const { file, path, problems } = fileIn(t);
    writeFileSync(path, text);
    assert.equal(file.read(), null);
    assert.deepEqual(problems, [`${path} cannot be read; orders are counted again.`]);
  });
}

test('one that cannot be written is told of, and nothing stops', (t) => {
  const { file, folder, path, problems } = fileIn(t);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'a file where the folder was');
  file.write({ orders: 7 });
  assert.deepEqual(problems, [`${path} cannot be written; after a restart orders are counted again.`]);
});
