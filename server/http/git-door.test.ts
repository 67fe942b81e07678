import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { applyObject } from '../../cluster/client/apply.ts';
import { Cluster } from '../../cluster/client/cluster.ts';
import { openTestServer } from '../../cluster/embedded/apiserver/testing/test-server.ts';
import { render } from '../../cluster/kustomize/render.ts';
import { DesiredState } from '../desired-state/desired-state.ts';
import { dryRun, type DryRun } from '../desired-state/dry-run.ts';
import { GitRemote } from '../desired-state/push/git-remote.ts';
import { AccessCode } from './door/access-code.ts';
import { Door } from './door/door.ts';
import { answerGit } from './git-door.ts';

const shipped = join(import.meta.dirname, '../../cluster/shop/manifests');
const accessCode = 'k7f3-9qmx-2bdt';

let home: string;
let server: Server;
let desired: DesiredState;
let changes: number;
/** Where pushes are tried out. */
let cluster: Cluster | null;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'git-door-'));
  changes = 0;
  const dir = join(home, 'desired-state');
  cluster = null;
  const nothing: DryRun = { refused: [], untried: [] };
  desired = new DesiredState({
    ...{ dir, shipped, overlay: 'embedded', render },
    dryRun: async (change) => (cluster ? dryRun(cluster, change) : nothing),
  });
  await desired.open();
  const remote = new GitRemote({ dir, overlay: 'embedded', desired, onChange: () => (changes += 1) });
  const door = new Door({ hosts: [], namespaces: ['shop'], code: new AccessCode(accessCode) });
  server = createServer((request, response) => {
    answerGit({ door, git: (asked) => remote.answer(asked) }, request, response).catch((error: Error) => {
      response.writeHead(500).end(error.message);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true });
});

const path = process.env['PATH'];
const clone = () => join(home, 'clone');
const remoteUrl = (password = accessCode) => {
  return `http://ada:${password}@127.0.0.1:${(server.address() as AddressInfo).port}/desired-state.git`;
};

interface Outcome {
  code: number;
  output: string;
}

/** The real git, with nothing of this machine's configuration, and nobody to ask. */
async function git(cwd: string, ...args: string[]): Promise<Outcome> {
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'test',
    ...{ PATH: path, HOME: home, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' },
    ...{ GIT_AUTHOR_NAME: 'ada', GIT_AUTHOR_EMAIL: 'ada@localhost' },
    ...{ GIT_COMMITTER_NAME: 'ada', GIT_COMMITTER_EMAIL: 'ada@localhost' },
  };
  return promisify(execFile)('git', args, { cwd, env }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      ...{ code: error.code, output: error.stdout + error.stderr },
    }),
  );
}

async function must(...args: [cwd: string, ...args: string[]]): Promise<string> {
  const { code, output } = await git(...args);
  assert.equal(code, 0, output);
  return output;
}

async function cloned(): Promise<void> {
  await must(home, 'clone', '-q', remoteUrl(), clone());
}

async function pushed(title: string): Promise<Outcome> {
  await must(clone(), 'add', '-A');
  await must(clone(), 'commit', '-qm', title);
  return git(clone(), 'push', 'origin', 'main');
}

const payments = 'base/shop/payments.yaml';
const edit = (path: string, change: (text: string) => string) => {
  writeFileSync(join(clone(), path), change(readFileSync(join(clone(), path), 'utf8')));
};
const head = async () => (await must(join(home, 'desired-state'), 'rev-parse', 'main')).trim();

test('a learner clones, changes and pushes with git, and that is what the system should be like then', async () => {
  await cloned();
  edit(payments, (text) =>
    text.replace('kind: Deployment\n', 'kind: Deployment\n# by ada\n').replace(/replicas: \d+/, 'replicas: 3'),
  );
  edit(payments, (text) =>
    text.includes('replicas: 3') ? text : text.replace(/\nspec:\n/, '\nspec:\n  replicas: 3\n'),
  );
  const { code, output } = await pushed('Three of payments');
  assert.equal(code, 0, output);
  assert.equal(changes, 1);
  assert.match(desired.rendered.yaml, /replicas: 3/);
  assert.deepEqual([desired.history[0]?.title, desired.history[0]?.author], ['Three of payments', 'ada']);
  const state = join(home, 'desired-state');
  assert.match(readFileSync(join(state, payments), 'utf8'), /by ada/);
  assert.equal(await must(state, 'status', '--porcelain'), '', 'the working tree follows');
  assert.ok(!existsSync(join(state, '.git/refs/remotes')));

  await desired.select('timeout', '500ms');
  assert.match(
    await must(clone(), 'pull', '-q', '--ff-only').then(() => must(clone(), 'log', '-1', '--format=%s')),
    /Switch timeout/,
  );
});

test('without the access code nothing is read and nothing pushed, also from this machine', async () => {
  for (const password of ['', 'wrong']) {
    const { code, output } = await git(home, 'clone', remoteUrl(password), clone());
    assert.equal(code, 128);
    assert.match(output, /Authentication failed|could not read/);
  }
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/desired-state.git/info/refs?service=git-receive-pack`);
  assert.equal(answer.status, 401);
  assert.match(await answer.text(), /password is the access code/);
});

test('a push that does not render is refused with the reason, and changes nothing', async () => {
  await cloned();
  const before = await head();
  edit('overlays/embedded/kustomization.yaml', (text) => `${text}components: [../../patterns/teleport/on]\n`);
  const { code, output } = await pushed('Teleport');
  assert.equal(code, 1);
  assert.match(output, /remote: The push is refused: it does not render: .*teleport/);
  assert.equal(await head(), before);
  assert.equal(desired.problem, null);
});

test('a push of a number out of its bounds is refused with the file and the bounds', async () => {
  await cloned();
  await desired.select('breaker-threshold', '35');
  await must(clone(), 'pull', '-q', '--ff-only');
  edit('overlays/embedded/kustomization.yaml', (text) => text.replace('threshold=35', 'threshold=300'));
  const { code, output } = await pushed('Three hundred');
  assert.equal(code, 1);
  assert.match(output, /The push is refused: .*embedded\/kustomization\.yaml: breaker-threshold=300/);
  assert.match(output, /more than 100 %; write a number from 1 to 100 %/);
  edit('overlays/embedded/kustomization.yaml', (text) => text.replace('threshold=300', 'threshold=3'));
  assert.equal((await pushed('Three')).code, 0);
  assert.equal(desired.selections['breaker-threshold'], '3');
});

test('a push that breaks a policy is refused, says which and what to do, and one that holds to it is taken', async () => {
  await desired.select('policy-check', 'enforce');
  await cloned();
  const before = await head();
  edit(payments, (text) => text.replace(/image: (\S+):\S+/, 'image: $1:latest'));
  const { code, output } = await pushed('The latest');
  assert.equal(code, 1);
  assert.match(output, /refused: policy forbids it: Deployment\/payments: container service runs \S+:latest: name a/);
  assert.equal(await head(), before);
  edit(payments, (text) => text.replace(':latest', ':v7'));
  assert.equal((await pushed('The seventh')).code, 0);
});

test('a push that the API server would refuse is refused with its words, the file and what to do; one to a cluster that is away is taken', async (t) => {
  const api = await openTestServer();
  let close = () => api.close();
  t.after(() => close());
  cluster = await Cluster.connect([api.kubeconfig], 'shop');
  t.after(() => cluster?.close());
  const deployment = desired.rendered.manifests.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'payments',
  )!;
  await applyObject(cluster, deployment);
  const apply = t.mock.method(cluster, 'apply');
  await cloned();
  const before = await head();
  edit(payments, (text) => text.replaceAll('app: payments', 'app: paying'));
  const { code, output } = await pushed('Another selector');
  assert.equal(code, 1);
  assert.match(output, /^remote: The push is refused: the cluster would refuse it: *$/m);
  assert.match(output, /^remote: base\/shop\/payments\.yaml: Deployment\/payments: .*spec\.selector: .*immutable *$/m);
  assert.match(output, /^remote: Correct the field that is named/m);
  assert.deepEqual([await head(), changes], [before, 0]);
  const sent = apply.mock.calls.map(({ arguments: [object] }) => `${object.kind}/${object.metadata.name}`);
  assert.ok(sent.includes('Deployment/payments') && !sent.some((object) => object.endsWith('/orders')), sent.join());

  await must(clone(), 'reset', '-q', '--hard', 'origin/main');
  edit(payments, (text) => text.replace(/\nspec:\n/, '\nspec:\n  minReadySeconds: 3\n'));
  const good = await pushed('Ready for three seconds');
  assert.equal(good.code, 0, good.output);
  assert.doesNotMatch(good.output, /tried out/);
  assert.equal(apply.mock.callCount(), sent.length + 1, 'the Deployment was asked about');

  await close();
  close = () => Promise.resolve();
  edit(payments, (text) => text.replace('minReadySeconds: 3', 'minReadySeconds: 4'));
  const untried = await pushed('Ready for four');
  assert.equal(untried.code, 0, untried.output);
  assert.match(untried.output, /^remote: It was not tried out on the cluster in full\. .* does not answer/m);
  assert.match(desired.rendered.yaml, /minReadySeconds: 4/);
});

test('where the lab runs without git a push is told what to do, and switches go on', async (t) => {
  await cloned();
  edit(payments, (text) => `# pushed\n${text}`);
  process.env['PATH'] = home; // where no program is
  t.after(() => (process.env['PATH'] = path));
  const { code, output } = await pushed('Pushed');
  assert.equal(code, 128);
  assert.match(output, /git is not installed where the lab runs\. Install git where the lab runs/);
  const { port } = server.address() as AddressInfo;
  const authorization = `Basic ${Buffer.from(`ada:${accessCode}`).toString('base64')}`;
  for (const [method, asked] of [
    ['GET', '/info/refs?service=git-receive-pack'],
    ['POST', '/git-receive-pack'],
  ] as const) {
    const url = `http://127.0.0.1:${port}/desired-state.git${asked}`;
    assert.equal((await fetch(url, { method, headers: { authorization } })).status, 501);
  }
  assert.equal((await desired.select('timeout', '500ms')).to, '500ms');
});

test('a push reads nothing outside of what is pushed, and a link that leads out is no file of its words', async () => {
  await cloned();
  const before = await head();
  writeFileSync(join(home, 'secret'), 'A=sea');
  for (const generator of ['envs: [outside]', 'files: [outside]']) {
    symlinkSync(join(home, 'secret'), join(clone(), 'base/shop/outside'));
    edit('base/shop/kustomization.yaml', (text) => text.replace(/literals: .*/, generator));
    const { code, output } = await pushed('Look outside');
    assert.equal(code, 1);
    assert.match(output, /push is refused: .*outside, which is outside of the repository/);
    assert.doesNotMatch(output, /sea/);
    await must(clone(), 'reset', '-q', '--hard', 'origin/main');
  }
  assert.equal(await head(), before);
});

test('only main is taken; it is neither rewritten nor deleted', async () => {
  await cloned();
  const before = await head();
  assert.match((await git(clone(), 'push', 'origin', 'main:refs/heads/other')).output, /only main can be pushed here/);
  assert.match((await git(clone(), 'push', 'origin', ':main')).output, /rejected|denied|refus/i);
  await must(clone(), 'commit', '-q', '--amend', '--allow-empty', '-m', 'Another beginning');
  const { code, output } = await git(clone(), 'push', '--force', 'origin', 'main');
  assert.equal(code, 1, output);
  assert.equal(await head(), before);
});

test('what unpacks to more than a desired state can be is refused before it is', async () => {
  await cloned();
  writeFileSync(join(clone(), 'zeros'), Buffer.alloc(20 * 1024 * 1024));
  const { code, output } = await pushed('Zeros');
  assert.equal(code, 1);
  assert.match(output, /is the most|push is refused/);
});

test('more than a desired state can be is refused, however little of it is new', async () => {
  await cloned();
  for (let file = 0; file < 2_000; file += 1) writeFileSync(join(clone(), `base/${file}`), '');
  const many = await pushed('Many');
  assert.equal(many.code, 1);
  assert.match(many.output, /push is refused: it has more than 2000 files/);
  // Eight trees, each ten times in the next, are a hundred million files.
  const made = (...args: [string[], string?]) =>
    execFileSync('git', args[0], { cwd: clone(), encoding: 'utf8', input: args[1] }).trim();
  let tree = made(['rev-parse', 'HEAD^{tree}:base']);
  for (let level = 0; level < 8; level += 1) {
    const entries = Array.from({ length: 10 }, (_, n) => `040000 tree ${tree}\t${n}\n`);
    tree = made(['mktree'], entries.join(''));
  }
  const author = ['-c', 'user.name=ada', '-c', 'user.email=ada@localhost'];
  const bomb = made([...author, 'commit-tree', tree, '-p', 'origin/main', '-m', 'Bomb']);
  const exploded = await git(clone(), 'push', 'origin', `${bomb}:main`);
  assert.equal(exploded.code, 1);
  assert.match(exploded.output, /push is refused: it has more than 2000 files/);

  await must(clone(), 'reset', '-q', '--hard', 'origin/main');
  writeFileSync(join(clone(), 'zeros'), Buffer.alloc(5 * 1024 * 1024));
  assert.equal((await pushed('Zeros')).code, 0);
  writeFileSync(join(clone(), 'ones'), Buffer.alloc(5 * 1024 * 1024, 1));
  const large = await pushed('Ones');
  assert.equal(large.code, 1);
  assert.match(large.output, /push is refused: its files have more than 8388608 bytes/);
  assert.equal(desired.problem, null);
});

test("no hook of the repository's runs, and no program that its configuration names", async () => {
  const dir = join(home, 'desired-state/.git');
  const trace = join(home, 'ran');
  for (const hook of ['pre-receive', 'update', 'post-receive', 'post-update', 'reference-transaction']) {
    writeFileSync(join(dir, 'hooks', hook), `#!/bin/sh\necho ${hook} >> ${trace}\n`, { flag: 'w' });
    chmodSync(join(dir, 'hooks', hook), 0o700);
  }
  await cloned();
  appendFileSync(join(clone(), payments), '# by ada\n');
  assert.equal((await pushed('A remark')).code, 0);
  assert.ok(!existsSync(trace), existsSync(trace) ? readFileSync(trace, 'utf8') : '');
});

test('an edit in the working tree is not touched by a push, and is in no commit', async () => {
  const file = join(home, 'desired-state', payments);
  await cloned();
  appendFileSync(file, '# by hand\n');
  edit(payments, (text) => `# pushed\n${text}`);
  assert.equal((await pushed('Pushed')).code, 0);
  assert.match(readFileSync(file, 'utf8'), /# by hand/);
  assert.doesNotMatch(await must(join(home, 'desired-state'), 'show', `main:${payments}`), /by hand/);
});

test('paths that git does not ask for lead nowhere', async () => {
  const { port } = server.address() as AddressInfo;
  const authorization = `Basic ${Buffer.from(`ada:${accessCode}`).toString('base64')}`;
  for (const path of ['/HEAD', '/config', '/objects/info/packs', '/../../secret']) {
    const answer = await fetch(`http://127.0.0.1:${port}/desired-state.git${path}`, { headers: { authorization } });
    assert.notEqual(answer.status, 200, path);
  }
});
