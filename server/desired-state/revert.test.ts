import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DesiredHome } from './testing/desired-home.ts';

const { commit, git, open, repository } = new DesiredHome();

test('reverting a commit takes back what it changed and nothing that came after, as a commit of its own', async () => {
  const state = await open();
  const { commit: switched } = await state.select('timeout', '500ms');
  await state.select('retries', 'naive');
  const reverted = await state.revert(switched);
  assert.equal(reverted.title, 'Revert "Switch timeout to 500 ms on payments → bank"');
  assert.deepEqual([state.selections['timeout'], state.selections['retries']], ['none', 'naive']);
  assert.equal(state.history[0]?.id, git('rev-parse', 'HEAD').trim());

  writeFileSync(join(repository(), 'base/replicas'), '5');
  commit('Five of them', '-a');
  await state.follow();
  await state.revert(state.history[0]!.id);
  assert.match(state.rendered.yaml, /replicas: "1"/);
  assert.equal(git('status', '--porcelain'), '');
});

test('a commit that could not be read once, for no fault of its own, is read as soon as it can be', async () => {
  const state = await open();
  writeFileSync(join(repository(), 'base/replicas'), '5');
  commit('Five of them', '-a');
  // Stands for a disk that is full for a moment: what is in the way cannot be written to.
  const blob = git('rev-parse', 'HEAD:base/replicas').trim();
  const object = join(repository(), '.git/objects', blob.slice(0, 2), blob.slice(2));
  renameSync(object, `${object}.away`);
  await assert.rejects(state.follow());
  renameSync(`${object}.away`, object);
  assert.equal(await state.follow(), true);
  assert.match(state.rendered.yaml, /replicas: "5"/);
});

test('a commit of which nothing is left cannot be reverted', async () => {
  const state = await open();
  const { commit: switched } = await state.select('timeout', '500ms');
  await state.revert(switched);
  await assert.rejects(state.revert(switched), { code: 'revert-conflict', message: /Nothing is left/ });
});

test('what cannot be reverted leaves everything as it was, and says why', async () => {
  const state = await open();
  for (const count of ['5', '6']) {
    writeFileSync(join(repository(), 'base/replicas'), count);
    commit(`${count} of them`, '-a');
  }
  await state.follow();
  const head = git('rev-parse', 'HEAD');
  const [, five, first] = state.history;
  await assert.rejects(state.revert(five!.id), {
    code: 'revert-conflict',
    message: /base\/replicas has changed since/,
  });
  await assert.rejects(state.revert(first!.id), { code: 'revert-conflict' });
  await assert.rejects(state.revert('0'.repeat(40)), { code: 'unknown-commit' });
  assert.equal(git('rev-parse', 'HEAD'), head);
});
