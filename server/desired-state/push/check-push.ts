// What git runs before it takes a push in: the commit must be one that renders. It ends with 1 and the reason if not.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { render } from '../../../cluster/kustomize/render.ts';
import { errorKinds } from '../../contract/errors.ts';
import { CodedError } from '../../errors.ts';
import type { Manifest } from '../../../cluster/client/apply.ts';
import { refusals, toldOf } from '../dry-run.ts';
import { parseOverlay } from '../overlay.ts';
import { deliveryOf, refusalOf } from '../policies/check-policies.ts';
import { maxBytes, maxFiles } from '../tree-limits.ts';
import { askForDryRun } from './dry-run-socket.ts';

const branch = 'refs/heads/main';
const none = /^0+$/;
/** Of all that is new, unpacked: what a commit may hold, and room for history. */
const maxNewBytes = 2 * maxBytes;
const maxObjects = 10_000;

class Refusal extends Error {}

function git(args: string[], input?: string): string {
  return execFileSync('git', args, { encoding: 'utf8', input, maxBuffer: 16 * 1024 * 1024 });
}

/** An object of a few bytes may be of any size once it is unpacked: git knows, without unpacking it. */
function checkSize(commit: string): void {
  const objects = git(['rev-list', '--objects', '--no-object-names', commit, '--not', '--branches']);
  const sizes = git(['cat-file', '--batch-check=%(objectsize)'], objects).trim().split('\n').map(Number);
  if (sizes.length > maxObjects) throw new Refusal(`it has more than ${maxObjects} new objects`);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > maxNewBytes) throw new Refusal(`it brings ${bytes} bytes, and ${maxNewBytes} is the most`);
}

/** The whole of what the commit holds, most of which may have come before. */
function checkTree(commit: string): void {
  let listed: string;
  try {
    listed = git(['ls-tree', '-r', '-l', '-z', commit]);
  } catch (cause) {
    // A few trees that name each other are millions of files.
    if ((cause as NodeJS.ErrnoException).code !== 'ENOBUFS') throw cause;
    throw new Refusal(`it has more than ${maxFiles} files`, { cause });
  }
  const files = listed.split('\0').slice(0, -1);
  if (files.length > maxFiles) throw new Refusal(`it has more than ${maxFiles} files`);
  // mode, type, id, size, path
  const sizes = files.map((file) => Number(file.split(/\s+/, 4)[3]) || 0);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > maxBytes) throw new Refusal(`its files have more than ${maxBytes} bytes`);
}

async function rendered(commit: string, overlay: string): Promise<Manifest[]> {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-push-'));
  try {
    const index = { ...process.env, GIT_INDEX_FILE: join(folder, 'index'), GIT_WORK_TREE: join(folder, 'tree') };
    const options = { env: index, stdio: 'pipe' } as const;
    mkdirSync(index.GIT_WORK_TREE);
    execFileSync('git', ['read-tree', commit], options);
    execFileSync('git', ['checkout-index', '--all'], options);
    const tree = join(folder, 'tree');
    return await render(join(tree, 'overlays', overlay), tree).catch((cause: Error) => {
      throw new Refusal(`it does not render: ${cause.message.replaceAll(`${tree}/`, '')}`, { cause });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By what main is now; a main that does not render itself holds nobody to anything. */
async function checkPolicies(before: string, after: Manifest[], overlay: string): Promise<void> {
  // Most states do not have it: rendering what was before takes a moment.
  if (none.test(before) || !deliveryOf(after).enforcesPolicies) return;
  const held = await rendered(before, overlay).catch((error: unknown) => {
    if (error instanceof Refusal) return [];
    throw error;
  });
  const refusal = refusalOf(held, after);
  if (refusal) throw new Refusal(refusal);
}

/** What renders need not be understood: a number may be out of its bounds. */
function checkOverlay(commit: string, overlay: string): void {
  const file = `overlays/${overlay}/kustomization.yaml`;
  const listed = git(['ls-tree', '--name-only', commit, '--', file]).trim() !== '';
  try {
    parseOverlay(listed ? git(['cat-file', 'blob', `${commit}:${file}`]) : null, file);
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause;
    throw new Refusal(cause.message.replace(/\.$/, ''), { cause });
  }
}

const mostRead = 100;

/** What its new and changed manifests say. */
function changedFiles(before: string, commit: string): Map<string, string> {
  const range = ['--diff-filter=d', '--no-renames', '--ignore-submodules', '-r', '-z', before, commit];
  const paths = git(['diff-tree', '--name-only', ...range])
    .split('\0')
    .slice(0, -1);
  const manifests = paths.filter((path) => /\.ya?ml$/.test(path)).slice(0, mostRead);
  return new Map(manifests.map((path) => [path, git(['cat-file', 'blob', `${commit}:${path}`])]));
}

/** The lab server asks the cluster: from here there is no way to it. */
async function checkDryRun(before: string, commit: string, manifests: Manifest[]): Promise<void> {
  const socket = process.env['BREAKWATER_DRY_RUN'];
  if (!socket) return;
  const outcome = await askForDryRun(socket, manifests);
  if (outcome.refused.length > 0) {
    const lines = refusals(outcome, none.test(before) ? new Map() : changedFiles(before, commit));
    const { action } = errorKinds['dry-run-refused'];
    throw new Refusal(`the cluster would refuse it:\n${lines.join('\n')}\n${action.replace(/\.$/, '')}`);
  }
  const untried = toldOf(outcome);
  if (untried) process.stderr.write(`${untried}\n`);
}

try {
  for (const line of readFileSync(0, 'utf8').trim().split('\n')) {
    const [before = '', commit = '', ref = ''] = line.split(' ');
    if (ref !== branch) throw new Refusal(`only main can be pushed here, not ${ref}`);
    if (none.test(commit)) throw new Refusal('main cannot be deleted');
    checkSize(commit);
    checkTree(commit);
    const overlay = process.env['BREAKWATER_OVERLAY'] ?? '';
    const manifests = await rendered(commit, overlay);
    checkOverlay(commit, overlay);
    await checkPolicies(before, manifests, overlay);
    await checkDryRun(before, commit, manifests);
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`The push is refused: ${error.message}.\n`);
  process.exitCode = 1;
}
