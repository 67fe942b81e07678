import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import { noSmallDisk, smallDisk } from '../cluster/embedded/testing/small-disk.ts';
import { Repository } from './desired-state/repository.ts';
import { StateFile } from './state-file.ts';

const skip = noSmallDisk;

function disk(t: TestContext) {
  const made = smallDisk(32);
  t.after(() => made.remove());
  return made;
}

test('a state file that the disk has no space for is told of, and what was written before stays', { skip }, (t) => {
  const { folder, fill, empty } = disk(t);
  const problems: Error[] = [];
  const path = join(folder, 'ledger.json');
  const onProblem = (error: unknown) => problems.push(error as Error);
  const file = new StateFile({ path, schema: z.string(), withoutIt: 'all is counted again', onProblem });
  file.write('before');
  fill();
  file.write('x'.repeat(10_000));
  assert.equal(file.read(), 'before');
  assert.deepEqual(
    problems.map(({ message, cause }) => [message, (cause as NodeJS.ErrnoException).code]),
    [[`${path} cannot be written; after a restart all is counted again.`, 'ENOSPC']],
  );
  empty();
  file.write('after');
  assert.equal(file.read(), 'after');
});

test(
  'a commit on a full disk is refused before git writes half of it, and made when there is space',
  { skip },
  async (t) => {
    const { folder, fill, empty } = disk(t);
    const shipped = join(folder, 'shipped');
    mkdirSync(shipped);
    writeFileSync(join(shipped, 'kustomization.yaml'), 'kind: Kustomization\n');
    const repository = new Repository(join(folder, 'desired-state'));
    await repository.open(shipped, () => null);
    const before = await repository.head();
    const edit = new Map([['kustomization.yaml', 'kind: Kustomization\nresources: []\n']]);
    const files = await repository.edited(await repository.files(before), edit);
    fill();
    await assert.rejects(repository.commit(before, files, 'During'), {
      code: 'disk-full',
      status: 507,
      message: `The disk of ${repository.dir} is full: 0 MB are free. Free some space there; everything goes on by itself then.`,
    });
    assert.equal(await repository.head(), before);
    empty();
    assert.notEqual(await repository.commit(before, files, 'After'), before);
  },
);
