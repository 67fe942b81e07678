import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  mkdirSync,
  appendFileSync,
  existsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { Manifest } from '../../cluster/client/apply.ts';
import { DesiredState } from './desired-state.ts';
import { StateFile } from '../state-file.ts';
import { lastGoodSchema } from './last-good.ts';

let home: string;
let shipped: string;
let renders: number;
let refuse: boolean;

const kustomization = `# The shop on the embedded cluster
kind: Kustomization
resources: [../../base]
components:
  - ../../components/extra # not a pattern's
`;

beforeEach(() => {
  renders = 0;
  refuse = false;
  home = mkdtempSync(join(tmpdir(), 'desired-state-'));
  shipped = join(home, 'shipped');
  write('base/replicas', '1');
  write('overlays/embedded/kustomization.yaml', kustomization);
});
afterEach(() => rmSync(home, { recursive: true }));

function write(path: string, text: string) {
  mkdirSync(dirname(join(shipped, path)), { recursive: true });
  writeFileSync(join(shipped, path), text);
}

/** Stands for kustomize: one object that says which components there are, and what the base says. */
async function render(dir: string): Promise<Manifest[]> {
  const { components } = parse(readFileSync(join(dir, 'kustomization.yaml'), 'utf8')) as { components: string[] };
  if (components.includes('../../patterns/timeout/3s')) throw new Error('no such component');
  if (refuse) throw new Error('refused');
  renders += 1;
  const replicas = readFileSync(join(dir, '../../base/replicas'), 'utf8');
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' }, data: { components, replicas } } as Manifest,
  ];
}

async function open(): Promise<DesiredState> {
  const lastGood = new StateFile({
    path: join(home, 'last-good.json'),
    schema: lastGoodSchema,
    withoutIt: 'nothing is held',
    onProblem: (error) => assert.fail(String(error)),
  });
  const state = new DesiredState({ dir: repository(), shipped, overlay: 'embedded', render, lastGood });
  await state.open();
  return state;
}
const repository = () => join(home, 'desired-state');
const commit = (title: string, ...more: string[]) =>
  git('-c', 'user.name=ada', '-c', 'user.email=ada@localhost', 'commit', '-qm', title, ...more);
const git = (...args: string[]) => execFileSync('git', ['-C', repository(), ...args], { encoding: 'utf8' });

test('a switch is one commit that the real git understands, and answers with the diff of the rendered manifests', async () => {
  const state = await open();
  const change = await state.select('timeout', '500ms');
  assert.equal(change.from, 'none');
  assert.match(change.diff, /^\+ +- \.\.\/\.\.\/patterns\/timeout\/500ms$/m);
  assert.equal(git('log', '--format=%s').split('\n')[0], 'Switch timeout to 500 ms on payments → bank');
  assert.equal(git('rev-parse', 'HEAD').trim(), change.commit);
  assert.equal(git('status', '--porcelain'), '');
  const file = readFileSync(join(repository(), 'overlays/embedded/kustomization.yaml'), 'utf8');
  assert.match(file, /# The shop on the embedded cluster/);
});

test('switching to what is selected already changes nothing and commits nothing', async () => {
  const state = await open();
  await state.select('retries', 'naive');
  const before = git('rev-list', '--count', 'HEAD');
  assert.equal((await state.select('retries', 'naive')).diff, '');
  assert.equal(git('rev-list', '--count', 'HEAD'), before);
});

test('switching back restores the rendered state exactly', async () => {
  const state = await open();
  const before = state.rendered.yaml;
  await state.select('circuit-breaker', 'library');
  await state.select('circuit-breaker', 'off');
  assert.equal(state.rendered.yaml, before);
});

test('switches made at the same time each get their own commit', async () => {
  const state = await open();
  const changes = await Promise.all([state.select('timeout', '500ms'), state.select('idempotency-key', 'on')]);
  assert.equal(new Set(changes.map(({ commit }) => commit)).size, 2);
  assert.deepEqual([state.selections['timeout'], state.selections['idempotency-key']], ['500ms', 'on']);
});

test('a whole state is one commit, and sends patterns it does not name to their first option', async () => {
  const state = await open();
  await state.select('timeout', '500ms');
  const changes = await state.selectAll({ retries: 'backoff', 'breaker-threshold': '10' }, 'Start of the lab');
  assert.deepEqual(changes.map(({ pattern }) => pattern).sort(), ['breaker-threshold', 'retries', 'timeout']);
  assert.equal(new Set(changes.map(({ commit }) => commit)).size, 1);
  assert.equal(state.selections['timeout'], 'none');
});

test('each pattern of a whole state has the diff that is its own doing', async () => {
  const state = await open();
  const changes = await state.selectAll({ timeout: '500ms', 'idempotency-key': 'on' }, 'Start of the lab');
  const added = changes.map(({ pattern, diff }) => [pattern, diff.match(/^\+ .*$/gm)]);
  assert.deepEqual(added, [
    ['timeout', ['+    - ../../patterns/timeout/500ms']],
    ['idempotency-key', ['+    - ../../patterns/idempotency-key/on']],
  ]);
});

test('a whole state that is there already changes nothing', async () => {
  const state = await open();
  const before = git('rev-parse', 'HEAD');
  assert.deepEqual(await state.selectAll({}, 'Start of the lab'), []);
  assert.equal(git('rev-parse', 'HEAD'), before);
});

test('a preview is rendered once for each commit, however many ask', async () => {
  const state = await open();
  renders = 0;
  const previews = await Promise.all(Array.from({ length: 40 }, () => state.preview('retries', 'naive')));
  assert.deepEqual([new Set(previews).size, renders], [1, 1]);
  await state.select('retries', 'naive');
  assert.equal(await state.preview('retries', 'naive'), '');
  assert.match(await state.preview('retries', 'backoff'), /^- .*naive$/m);
});

test('previews take no place in the queue of switches', async () => {
  const state = await open();
  const options = [
    'retries=naive',
    'retries=backoff',
    'timeout=500ms',
    'circuit-breaker=library',
    'idempotency-key=on',
  ];
  const previews = options.map((each) => state.preview(...(each.split('=') as [string, string])));
  const switches = Array.from({ length: 16 }, (_, n) => state.select('retries', n % 2 ? 'naive' : 'none'));
  assert.match(await state.preview('breaker-threshold', '1'), /breaker-threshold\/number/);
  await Promise.all([...previews, ...switches]);
});

test('a preview that failed is tried again', async () => {
  const state = await open();
  refuse = true;
  await assert.rejects(state.preview('timeout', '500ms'), { code: 'desired-state-broken' });
  refuse = false;
  assert.match(await state.preview('timeout', '500ms'), /timeout\/500ms/);
});

test('a preview shows the diff and leaves everything as it was', async () => {
  const state = await open();
  const before = git('rev-parse', 'HEAD');
  assert.match(await state.preview('idempotency-key', 'on'), /idempotency-key\/on/);
  assert.equal(state.selections['idempotency-key'], 'off');
  assert.equal(git('rev-parse', 'HEAD') + git('status', '--porcelain'), before);
});

test('a switch that does not render is refused and leaves everything as it was', async () => {
  const state = await open();
  const before = git('rev-parse', 'HEAD');
  await assert.rejects(state.select('timeout', '3s'), { code: 'desired-state-broken', message: /no such component/ });
  assert.equal(git('rev-parse', 'HEAD') + git('status', '--porcelain'), before);
  assert.equal((await state.select('timeout', '500ms')).to, '500ms');
});

test('a switch that git does not take is refused, and does not come with the next one', async () => {
  const state = await open();
  const file = join(repository(), 'overlays/embedded/kustomization.yaml');
  const before = readFileSync(file, 'utf8');
  const objects = join(repository(), '.git/objects');
  renameSync(objects, `${objects}.away`);
  await assert.rejects(state.select('timeout', '500ms'), { code: 'desired-state-broken' });
  assert.deepEqual([readFileSync(file, 'utf8'), state.selections['timeout']], [before, 'none']);
  rmSync(objects, { recursive: true, force: true });
  renameSync(`${objects}.away`, objects);
  const { diff } = await state.select('retries', 'naive');
  assert.doesNotMatch(diff, /timeout/);
  assert.doesNotMatch(git('show', 'HEAD'), /timeout/);
});

test('unknown patterns and options are refused by name', async () => {
  const state = await open();
  await assert.rejects(state.select('teleport', 'on'), { code: 'unknown-pattern' });
  await assert.rejects(state.select('timeout', '4 s'), { code: 'unknown-option', message: /none, 3s, 500ms/ });
});

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

test('more switches than the queue holds are refused', async () => {
  const state = await open();
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => state.select('retries', n % 2 ? 'naive' : 'none')),
  );
  const refused = tries.filter((result) => result.status === 'rejected').map(({ reason }) => reason.code);
  assert.deepEqual(refused, Array(4).fill('too-many-switches'));
});

test('selections survive a restart, and an update of the shipped manifests', async () => {
  await (await open()).select('timeout', '500ms');
  write('base/replicas', '2');
  write('overlays/embedded/kustomization.yaml', `${kustomization}namespace: shop\n`);
  const state = await open();
  assert.equal(state.selections['timeout'], '500ms');
  assert.match(state.rendered.yaml, /replicas: "2"/);
  assert.equal(git('log', '-1', '--format=%s').trim(), 'Update to the shipped manifests');
  assert.match(git('show', 'HEAD:overlays/embedded/kustomization.yaml'), /namespace: shop/);
});

test('an edit that nobody has committed is not in force, and stays as it is over a restart', async () => {
  await open();
  writeFileSync(join(repository(), 'base/replicas'), '7');
  const state = await open();
  assert.match(state.rendered.yaml, /replicas: "1"/);
  assert.equal(git('status', '--porcelain').trim(), 'M base/replicas');
});

test('an edit by hand is in no commit of a switch; the file that both change has both', async () => {
  const state = await open();
  const file = join(repository(), 'overlays/embedded/kustomization.yaml');
  writeFileSync(join(repository(), 'base/replicas'), '7');
  writeFileSync(join(repository(), 'base/staged'), 'new');
  git('add', 'base/staged');
  appendFileSync(file, '# by hand\n');
  const { diff } = await state.select('timeout', '500ms');
  assert.doesNotMatch(diff, /^[+-].*replicas/m);
  assert.match(state.rendered.yaml, /replicas: "1"/);
  assert.equal(git('log', '-2', '--format=%an').trim(), 'Breakwater\nBreakwater');
  assert.deepEqual(git('show', '--format=', '--name-only', 'HEAD').trim(), 'overlays/embedded/kustomization.yaml');
  assert.doesNotMatch(git('show', 'HEAD'), /by hand/);
  assert.equal(
    git('status', '--porcelain'),
    ' M base/replicas\nA  base/staged\n M overlays/embedded/kustomization.yaml\n',
  );
  assert.match(git('diff', '--', 'overlays'), /^\+# by hand$/m);
  assert.doesNotMatch(git('diff', '--', 'overlays'), /^[+-].*timeout/m, 'committing the edit takes no switch back');

  commit('Seven of them', '-a');
  assert.equal(await state.follow(), true);
  assert.match(state.rendered.yaml, /replicas: "7"/);
  assert.equal(state.selections['timeout'], '500ms');
});

test('a commit by somebody else is in force with the next switch, and no part of its diff', async () => {
  const state = await open();
  writeFileSync(join(repository(), 'base/replicas'), '5');
  commit('Five of them', '-a');
  const { diff } = await state.select('timeout', '500ms');
  assert.doesNotMatch(diff, /^[+-].*replicas/m);
  assert.match(state.rendered.yaml, /replicas: "5"/);
  assert.equal(git('log', '-2', '--format=%an').trim(), 'Breakwater\nada');
  assert.equal(git('status', '--porcelain'), '');
});

test('no commit is lost that somebody makes with git while switches are made', async () => {
  const state = await open();
  const theirs = async () => {
    for (let n = 0; n < 10; n += 1) {
      const author = ['-c', 'user.name=ada', '-c', 'user.email=ada@localhost'];
      const commit = ['-C', repository(), ...author, 'commit', '-q', '--allow-empty', '-m', `By ada ${n}`];
      // Where we were quicker git refuses, as we do: whoever is second tries again.
      while (!(await promisify(execFile)('git', commit).catch(() => null)));
    }
  };
  let made = 0;
  const ours = async () => {
    for (let n = 0; n < 10; n += 1)
      await state.select('retries', n % 2 ? 'none' : 'naive').then(
        () => (made += 1),
        () => 0,
      );
  };
  await Promise.all([theirs(), ours()]);
  const titles = git('log', '--format=%s').split('\n');
  assert.equal(titles.filter((title) => title.startsWith('By ada')).length, 10);
  assert.equal(titles.filter((title) => title.startsWith('Switch retries')).length, made);
});

test('while git holds the branch a switch waits, and where it stays held it is refused with what to do', async () => {
  const state = await open();
  const lock = join(repository(), '.git/refs/heads/main.lock');
  writeFileSync(lock, '');
  const waiting = state.select('timeout', '500ms');
  setTimeout(() => rmSync(lock), 100);
  assert.equal((await waiting).to, '500ms');
  writeFileSync(lock, '');
  const before = git('rev-parse', 'HEAD');
  await assert.rejects(state.select('timeout', 'none'), {
    code: 'desired-state-broken',
    message: /delete .*main\.lock/,
  });
  assert.equal(git('rev-parse', 'HEAD'), before);
  assert.equal(state.selections['timeout'], '500ms');
});

test('files that others have changed stay theirs when the shipped manifests change; all others become the new ones', async () => {
  await open();
  writeFileSync(join(repository(), 'base/replicas'), '5');
  writeFileSync(join(repository(), 'base/mine'), 'a service of a learner');
  git('add', '.');
  commit('Mine');
  write('base/replicas', '2');
  write('base/new', 'shipped since');
  await open();
  const show = (path: string) => git('show', `HEAD:${path}`);
  assert.deepEqual(
    [show('base/replicas'), show('base/mine'), show('base/new')],
    ['5', 'a service of a learner', 'shipped since'],
  );
  assert.equal(git('status', '--porcelain'), '');
});

test('a kustomization that is not YAML is told of clearly, and nothing is touched', async () => {
  await open();
  const file = join(repository(), 'overlays/embedded/kustomization.yaml');
  appendFileSync(file, 'components: [unclosed');
  commit('Half of it', '-a');
  const text = readFileSync(file, 'utf8');
  assert.match((await open()).problem ?? '', /kustomization\.yaml/);
  rmSync(join(home, 'last-good.json'));
  await assert.rejects(open(), { code: 'desired-state-broken', message: /kustomization\.yaml/ });
  assert.equal(readFileSync(file, 'utf8'), text);
});

test('a repository without its HEAD is a clear error, and nothing is touched', async () => {
  await open();
  rmSync(join(repository(), '.git/HEAD'));
  await assert.rejects(open(), { code: 'desired-state-broken', message: /desired-state cannot be used/ });
  assert.ok(existsSync(join(repository(), 'base/replicas')));
});

test('a folder that is not a repository is not overwritten', async () => {
  mkdirSync(repository());
  writeFileSync(join(repository(), 'thesis.txt'), 'years of work');
  await assert.rejects(open(), { code: 'desired-state-broken', message: /not a git repository/ });
  assert.equal(readFileSync(join(repository(), 'thesis.txt'), 'utf8'), 'years of work');
});

test('a state that does not render any more is told of, and the one that rendered last is held', async () => {
  const good = await open();
  assert.equal(good.problem, null);
  const broken = join(repository(), 'base/replicas');
  rmSync(broken);
  commit('None of them', '-a');
  const held = await open();
  assert.match(held.problem ?? '', /does not render.*replicas/);
  assert.deepEqual(held.rendered.manifests, good.rendered.manifests);
  await assert.rejects(held.select('timeout', '500ms'), { code: 'desired-state-broken' });

  writeFileSync(broken, '1');
  git('add', '.');
  commit('One again');
  await held.select('timeout', '500ms');
  assert.equal(held.problem, null);
});

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
