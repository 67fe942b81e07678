import { randomBytes } from 'node:crypto';
import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Manifest } from '../../cluster/client/apply.ts';

/** Names the keys of a Secret whose values are made at random, separated by commas. */
const annotation = 'breakwater.dev/generate';
const bytes = 24;

type Secret = Manifest & { data?: Record<string, string> };

/**
 * The manifests with the values that their Secrets want to have made: those of `before`, else those the cluster has, and new ones
 * where it has none. So a Secret that somebody deleted or changed becomes what it was.
 *
 * @param before what a manifest was when it was last applied
 */
export async function withGenerated(
  cluster: Pick<Cluster, 'get'>,
  manifests: Manifest[],
  before: (manifest: Manifest) => Manifest | undefined = () => undefined,
): Promise<Manifest[]> {
  return Promise.all(
    manifests.map(async (manifest) => {
      const keys = manifest.kind === 'Secret' ? keysOf(manifest) : [];
      if (keys.length === 0) return manifest;
      const ours = (before(manifest) as Secret | undefined)?.data ?? {};
      const isKnown = keys.every((key) => ours[key] !== undefined);
      const { name, namespace } = manifest.metadata;
      const live = isKnown ? null : await cluster.get<Secret>('v1', 'Secret', name, namespace);
      const made = keys.map((key) => [key, ours[key] ?? live?.data?.[key] ?? newValue()]);
      return { ...manifest, data: { ...(manifest as Secret).data, ...Object.fromEntries(made) } } as Manifest;
    }),
  );
}

function keysOf({ metadata }: Manifest): string[] {
  return (metadata.annotations?.[annotation] ?? '').split(',').flatMap((key) => key.trim() || []);
}

/** 192 bits, in letters that URLs and connection strings take as they are; base64 once more, as Secrets hold it. */
function newValue(): string {
  return Buffer.from(randomBytes(bytes).toString('base64url')).toString('base64');
}
