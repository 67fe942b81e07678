import { isDeepStrictEqual } from 'node:util';
import { sendObject, type Manifest } from '../../cluster/client/apply.ts';
import type { Cluster } from '../../cluster/client/cluster.ts';
import { ClusterError } from '../../cluster/client/errors.ts';
import { idOf } from '../../cluster/client/resources.ts';
import { withGenerated } from './generated-secrets.ts';

export interface DryRun {
  refused: Refused[];
  /** Why the API server was not asked about some of it, or all, in sentences; empty where it was. */
  untried: string[];
}

interface Refused {
  /** `Deployment/payments`. */
  object: string;
  /** What the API server said. */
  reason: string;
}

/** A cluster that is away or slow holds up no commit for longer. */
const usualTimeoutMs = 3_000;
/** Fewer than the client has connections: others ask as well. */
const atOnce = 8;
const maxReason = 500;
/** Answers that are not about the object: who we are, somebody else's write at that moment, too many requests. */
const passing = [401, 408, 409, 429];

/**
 * Has the API server try out what is to be otherwise than before, by the request that would apply it (`kubectl apply --server-side
 * --dry-run=server`). What was there before is not asked about: it is no reason to refuse the next commit.
 */
export async function dryRun(
  cluster: Pick<Cluster, 'apply' | 'get' | 'namespace'>,
  { before, after }: { before: readonly Manifest[]; after: readonly Manifest[] },
  timeoutMs = usualTimeoutMs,
): Promise<DryRun> {
  const known = new Map(before.map((manifest) => [idOf(manifest), manifest]));
  const changed = after.filter((manifest) => !isDeepStrictEqual(manifest, known.get(idOf(manifest)))).values();
  const refused: Refused[] = [];
  const untried = new Set<string>();
  const timeout = new AbortController();
  const work = async () => {
    for (const manifest of changed) {
      if (timeout.signal.aborted) return;
      const object = `${manifest.kind}/${manifest.metadata.name}`;
      try {
        const [whole] = await withGenerated(cluster, [manifest]);
        await sendObject(cluster, whole!, { dryRun: true, signal: timeout.signal });
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        const why = whyUntried(error, manifest, { after, namespace: cluster.namespace });
        if (why !== null) untried.add(why);
        else refused.push({ object, reason: (error.reason ?? error.message).slice(0, maxReason).replace(/\.$/, '') });
      }
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      untried.add(`The cluster took longer than ${timeoutMs / 1_000} s to answer.`);
      resolve();
    }, timeoutMs);
  });
  try {
    await Promise.race([Promise.all(Array.from({ length: atOnce }, work)), late]);
    // What is told now is all that is told: the answers to come are given up.
    return { refused: refused.toSorted((a, b) => a.object.localeCompare(b.object)), untried: [...untried] };
  } finally {
    clearTimeout(timer);
    timeout.abort();
  }
}

/** Null where it is the object that is refused. */
function whyUntried(
  error: ClusterError,
  manifest: Manifest,
  { after, namespace }: { after: readonly Manifest[]; namespace: string },
): string | null {
  const { status, code, message, reason } = error;
  const object = `${manifest.kind}/${manifest.metadata.name}`;
  if (code === 'unknown-kind') {
    return after.some((other) => defines(other, manifest)) ? `${object}: its kind comes with this commit.` : null;
  }
  if (status === null || status >= 500 || passing.includes(status)) return message;
  const place = manifest.metadata.namespace ?? namespace;
  const comes = after.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === place);
  if (status === 404 && comes) return `${object}: its namespace ${place} does not exist yet.`;
  // Of an admission webhook; of a namespace that somebody has deleted.
  return /does not support dry run|being terminated/.test(reason ?? '') ? `${object}: ${reason}.` : null;
}

function defines(other: Manifest, { apiVersion, kind }: Manifest): boolean {
  const { spec } = other as { spec?: { group?: string; names?: { kind?: string } } };
  return (
    other.kind === 'CustomResourceDefinition' &&
    spec?.names?.kind === kind &&
    apiVersion.startsWith(`${spec.group ?? ''}/`)
  );
}

/** What the API server could not say, as one text; undefined where it was asked about everything. */
export function toldOf({ untried }: DryRun): string | undefined {
  return untried.length === 0
    ? undefined
    : `It was not tried out on the cluster in full. ${bounded(untried).join(' ')}`;
}

/** For each object: in which file it is, as far as its name says, and why it is refused. */
export function refusals({ refused }: DryRun, changedFiles: ReadonlyMap<string, string>): string[] {
  return bounded(refused.map(({ object, reason }) => `${placeOf(object, changedFiles)}${object}: ${reason}`));
}

function placeOf(object: string, changedFiles: ReadonlyMap<string, string>): string {
  const name = object.slice(object.indexOf('/') + 1);
  const named = [...changedFiles].filter(([, text]) => text.split(/[\s'"]+/).includes(name)).map(([path]) => path);
  const paths = named.length > 0 ? named : [...changedFiles.keys()];
  return paths.length === 0 ? '' : `${bounded(paths, 3).join(', ')}: `;
}

function bounded(texts: readonly string[], most = 5): string[] {
  return texts.length > most ? [...texts.slice(0, most), `and ${texts.length - most} more`] : [...texts];
}
