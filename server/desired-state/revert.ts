import type { Commit } from '../contract/patterns.ts';
import type { Repository } from './repository.ts';
import { CodedError } from '../errors.ts';
import { mergedOverlay } from './overlay.ts';
import type { Tree } from './tree.ts';

/**
 * The present files without what a commit has changed. In the overlay only the options it has switched go back; another file that
 * has changed since has to be reverted by hand.
 * Throws CodedError `revert-conflict`.
 */
export async function withoutCommit(
  repository: Repository,
  { id, parent }: Pick<Commit, 'id' | 'parent'>,
  overlayPath: string,
): Promise<Tree> {
  if (parent === null) throw conflict(id, 'it is the first one');
  const [before, after, now] = (await Promise.all(
    [parent, id, await repository.head()].map((commit) => repository.files(commit)),
  )) as [Tree, Tree, Tree];
  const contents = new Map<string, string | null>();
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [old, its, present] = [before, after, now].map((files) => files.get(path)?.oid);
    if (old === its || present === old) continue;
    const [oldText, itsText, presentText] = (await Promise.all(
      [before, after, now].map((files) => repository.read(path, files)),
    )) as [string | null, string | null, string | null];
    if (present === its) contents.set(path, oldText);
    else if (path !== overlayPath) throw conflict(id, `${path} has changed since`);
    else contents.set(path, mergedOverlay(path, { base: itsText, theirs: oldText, ours: presentText }));
  }
  return repository.edited(now, contents);
}

function conflict(commit: string, why: string): CodedError {
  return new CodedError('revert-conflict', `The commit ${commit.slice(0, 7)} cannot be reverted: ${why}.`);
}
