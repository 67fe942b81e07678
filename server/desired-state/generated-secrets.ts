import { randomBytes } from 'node:crypto';
import type { Cluster } from '../../cluster/client/cluster.ts';
import type { Manifest } from '../../cluster/client/apply.ts';

/** Names the keys of a Secret whose values are made at random, separated by commas. */
const annotation = 'breakwater.dev/generate';
const bytes = 24;

type Secret = Manifest & { data?: Record<string, string> };

/** The manifests with the values that their Secrets want to have made: those the cluster has, and new ones where it has none. */
export async function withGenerated(cluster: Pick<Cluster, 'get'>, manifests: Manifest[]): Promise<Manifest[]> {
  return Promise.all(
    manifests.map(async (manifest) => {
      const keys = manifest.kind === 'Secret' ? keysOf(manifest) : [];
      if (keys.length === 0) return manifest;
      const live = await cluster.get<Secret>('v1', 'Secret', manifest.metadata.name, manifest.metadata.namespace);
      const made = keys.map((key) => [key, live?.data?.[key] ?? newValue()]);
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
