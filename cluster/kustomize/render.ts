import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { accumulate } from './accumulate.ts';
import { Files } from './files.ts';
import type { KubeObject } from './kube-object.ts';
import { addHashes } from './name-hash.ts';
import { inOrder } from './sort-order.ts';

/**
 * The objects of a Kustomize folder, as `kubectl kustomize <folder>` gives them (kubectl 1.33), in its order. Nothing is read but
 * what lies below `root`, the repository that the folder belongs to, and nothing of this process's environment.
 *
 * @throws KustomizeError
 */
export async function render(folder: string, root: string): Promise<KubeObject[]> {
  const resources = await accumulate(resolve(folder), new Files(root));
  addHashes(resources);
  return inOrder(resources.map(({ object }) => object).filter(isForTheCluster));
}

/** What is there for replacements alone is said to be so: https://kubectl.docs.kubernetes.io/references/kustomize/glossary/ */
function isForTheCluster({ metadata }: KubeObject): boolean {
  return (metadata.annotations?.['config.kubernetes.io/local-config'] ?? 'false') === 'false';
}

/** The same as one YAML text. */
export async function renderYaml(folder: string, root: string): Promise<string> {
  const objects = await render(folder, root);
  return objects.map((object) => stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 })).join('---\n');
}
