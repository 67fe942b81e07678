import type { Sync, SyncedObject } from '../../server/contract/patterns.ts';
import { plural } from '../ui/quantity.ts';
import { hasWords } from '../ui/words.ts';

/** What is said of an object, the first thing to look at first. */
const states = ['failed', 'missing', 'drifted', 'applying', 'unknown', 'synced'] as const;
export type SyncState = (typeof states)[number] | 'waiting';

/** What is not as it is desired counts before what is only on its way. */
export function stateOf({ sync, health }: SyncedObject): SyncState {
  if (sync === 'missing') return 'missing';
  if (sync === 'out of sync') return 'drifted';
  if (health.state !== 'done') return health.state === 'failed' ? 'failed' : 'applying';
  return sync === 'unwatched' ? 'unknown' : 'synced';
}

/** Those that have the words, in their kind, name, namespace or state; what is to be looked at first. */
export function listed(objects: readonly SyncedObject[], words: string): SyncedObject[] {
  const rank = (object: SyncedObject) => states.findIndex((state) => state === stateOf(object));
  return objects
    .filter((one) => hasWords(`${one.object} ${one.namespace ?? ''} ${stateOf(one)}`, words))
    .sort((a, b) => rank(a) - rank(b));
}

/** The state of the whole, in a word and a few. `problem`: why the cluster does not have it. */
export function wholeOf(
  { applied, objects }: Pick<Sync, 'applied' | 'objects'>,
  problem: string | null,
  connected: boolean,
): { state: SyncState; words: string } {
  if (problem) return { state: 'failed', words: `Failed: ${problem}` };
  if (!connected) return { state: 'waiting', words: 'Waiting for the cluster' };
  if (!applied) return { state: 'waiting', words: 'Waiting until the cluster has taken all of it' };
  const found = objects.map(stateOf);
  const told = (state: SyncState, words: string) => {
    const count = found.filter((one) => one === state).length;
    return count > 0 ? `${plural(count, 'object')} ${words}` : null;
  };
  const wrong = [told('failed', 'failed'), told('missing', 'missing'), told('drifted', 'drifted')];
  const state = states.find((one) => found.includes(one)) ?? 'synced';
  const words = [...wrong, told('applying', 'rolling out')].filter((one) => one !== null);
  if (words.length > 0) return { state, words: words.join(', ') };
  return { state: 'synced', words: `Synced, ${plural(objects.length, 'object')}` };
}
