import type { FaultEdit } from '../../cluster/faults/fault-object.ts';
import { CodedError } from '../errors.ts';
import type { DesiredState } from './desired-state.ts';
import type { Repository } from './repository.ts';
import { withoutCommit } from './revert.ts';
import { changedSetting, withoutLines, type SettingWish } from './setting-commit.ts';
import type { Tree } from './tree.ts';

/** Who makes the commits that faults are. */
const author = { name: 'Sam Okafor', email: 'sam.okafor@shop.example' };
/** Ends the message of such a commit, with the uid of its Fault: so it is found again, whoever has died meanwhile. */
const trailer = /^Fault: (\S+)$/m;
const searched = 200;

export interface FaultCommit {
  id: string;
  parent: string | null;
  title: string;
}

/** A commit that a fault is. Throws CodedError as a switch does: `policy-violated`, `desired-state-broken`, `disk-full`. */
export async function makeFaultCommit(
  desired: DesiredState,
  fault: string,
  wish: SettingWish,
): Promise<{ commit: FaultCommit; edit: FaultEdit }> {
  let edit: FaultEdit | undefined;
  const made = await desired.commit(
    async (repository, files, rendered) => {
      const changed = await changedSetting(repository, { files, rendered }, wish);
      edit = changed.edit;
      return repository.edited(files, new Map([[changed.path, changed.text]]));
    },
    () => {
      const variable = edit!.field.split(' ').at(-1);
      return `Tune ${variable} of ${wish.service}\n\n${edit!.before} is more than it needs.\n\nFault: ${fault}`;
    },
    author,
  );
  if (!made || !edit) throw new Error(`the commit of the fault ${fault} has changed nothing`);
  return { commit: made, edit: { ...edit, commit: made.id.slice(0, 7) } };
}

/** Those that were made for a fault, by the uid of that; the latest ones. */
export async function faultCommits(desired: DesiredState): Promise<Map<string, FaultCommit>> {
  const log = await desired.log(searched);
  return new Map(
    log.flatMap(({ id, parent, message, email }) => {
      const fault = email === author.email ? trailer.exec(message)?.[1] : undefined;
      return fault ? [[fault, { id, parent, title: message.split('\n')[0] ?? '' }] as const] : [];
    }),
  );
}

/**
 * Reverts it, by a commit; where its file has been changed since, what still stands of it is restored. False when nothing of it is left.
 * Throws CodedError as a switch does.
 */
export async function takeBack(desired: DesiredState, commit: FaultCommit): Promise<boolean> {
  const made = await desired.commit(
    (repository, files) => without(repository, files, commit),
    () => `Revert "${commit.title}"\n\nThis reverts commit ${commit.id}.`,
  );
  return made !== null;
}

/** Whether something of it is in force by the present commit. */
export async function stands(desired: DesiredState, commit: FaultCommit): Promise<boolean> {
  return desired.look(async (repository, files) => (await without(repository, files, commit)) !== files);
}

async function without(repository: Repository, files: Tree, commit: FaultCommit): Promise<Tree> {
  const unchanged = (tree: Tree) => [...tree].every(([path, { oid }]) => files.get(path)?.oid === oid);
  try {
    const reverted = await withoutCommit(repository, commit, '');
    return unchanged(reverted) ? files : reverted;
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'revert-conflict' || commit.parent === null) throw error;
  }
  const [old, its] = await Promise.all([commit.parent, commit.id].map((id) => repository.files(id)));
  const texts = new Map<string, string>();
  for (const [path, { oid }] of its!) {
    if (old!.get(path)?.oid === oid) continue;
    const [before, after, now] = await Promise.all([old!, its!, files].map((tree) => repository.read(path, tree)));
    if (before && after && now) texts.set(path, withoutLines({ before, after, now }));
  }
  const restored = await repository.edited(files, texts);
  return unchanged(restored) ? files : restored;
}
