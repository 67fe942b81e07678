import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DesiredHome } from './testing/desired-home.ts';

const { commit, git, open, repository } = new DesiredHome();

test('a number is a switch as any other: committed in the overlay, and gone again with its default', async () => {
  const state = await open();
  const before = state.rendered.yaml;
  const file = () => readFileSync(join(repository(), 'overlays/embedded/kustomization.yaml'), 'utf8');
  const { from, to } = await state.select('breaker-threshold', '35.0');
  assert.deepEqual([from, to, state.selections['breaker-threshold']], ['50', '35', '35']);
  assert.equal(git('log', '--format=%s').split('\n')[0], 'Switch breaker threshold to 35 % on payments → bank');
  assert.match(file(), /literals:\n +- breaker-threshold=35\n/);
  assert.match(file(), /components\/extra/);

  await state.selectAll({ 'breaker-threshold': '7', timeout: '500ms' }, 'Start of the lab');
  assert.equal((await open()).selections['breaker-threshold'], '7');
  await state.selectAll({}, 'Start of the lab');
  assert.equal(state.rendered.yaml, before);
  assert.doesNotMatch(file(), /configMapGenerator/);
});

test('a number that cannot be is refused with its bounds', async () => {
  const state = await open();
  for (const [asked, says] of [
    ['0', /breaker-threshold of payments → bank cannot be "0": it is less than 1 %/],
    ['101', /is more than 100 %/],
    ['1.5', /is not a whole number of steps of 1 % from 1/],
    ['half', /"half": it is no number/],
    ['1e1', /is no number/],
    ['', /is no number/],
  ] as const) {
    const error = { code: 'out-of-range', message: says, action: 'Choose a number from 1 to 100 %, in steps of 1.' };
    await assert.rejects(state.select('breaker-threshold', asked), error);
    await assert.rejects(state.preview('breaker-threshold', asked), error);
    await assert.rejects(state.selectAll({ 'breaker-threshold': asked }, 'Start of the lab'), error);
  }
  assert.equal(git('rev-list', '--count', 'HEAD').trim(), '1');
});

test('a number out of its bounds that somebody commits is told of by its file, and the one before is held', async () => {
  const state = await open();
  await state.select('breaker-threshold', '35');
  const file = join(repository(), 'overlays/embedded/kustomization.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('threshold=35', 'threshold=300'));
  commit('Three hundred', '-a');
  assert.equal(await state.follow(), false);
  const says = /kustomization\.yaml: breaker-threshold=300 .* is more than 100 %; write a number from 1 to 100 %/;
  assert.match(state.problem ?? '', says);
  assert.equal(state.selections['breaker-threshold'], '35');
  await state.revert(state.history[0]!.id);
  assert.equal(state.problem, null);
});

test('a number that was changed again since is not reverted: the later one stays', async () => {
  const state = await open();
  const { commit: first } = await state.select('breaker-threshold', '35');
  await state.select('breaker-threshold', '7');
  await assert.rejects(state.revert(first), { code: 'revert-conflict', message: /Nothing is left/ });
  assert.equal(state.selections['breaker-threshold'], '7');
});

test('of many different previews of a number only some wait at once; the others are refused until those are done', async () => {
  const state = await open();
  const previews = Array.from({ length: 100 }, (_, n) => state.preview('breaker-threshold', String(n + 1)));
  const refused = (await Promise.allSettled(previews)).filter(({ status }) => status === 'rejected');
  assert.equal(refused.length, 100 - 64);
  assert.match(await state.preview('breaker-threshold', '99'), /breaker-threshold\/number/);
});
