import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { DesiredHome, kustomization } from './testing/desired-home.ts';

const home = new DesiredHome();
const { commit, git, open, repository, write } = home;

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
  home.renders = 0;
  const previews = await Promise.all(Array.from({ length: 40 }, () => state.preview('retries', 'naive')));
  assert.deepEqual([new Set(previews).size, home.renders], [1, 1]);
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
  home.refuse = true;
  await assert.rejects(state.preview('timeout', '500ms'), { code: 'desired-state-broken' });
  home.refuse = false;
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
  setTimeout(() => rmSync(lock), 100); // git holds it for as long as a short command takes
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
  rmSync(join(home.folder, 'last-good.json'));
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
