import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { accumulate } from './accumulate.ts';
import type { KubeObject } from './kube-object.ts';
import { addHashes } from './name-hash.ts';
import { inOrder } from './sort-order.ts';

/**
 * The objects of a Kustomize folder, as `kubectl kustomize <folder>` gives them (kubectl 1.33), in its order.
 *
 * @throws KustomizeError
 */
export async function render(folder: string): Promise<KubeObject[]> {
  const resources = await accumulate(resolve(folder));
  addHashes(resources);
  return inOrder(resources.map(({ object }) => object));
}

/** The same as one YAML text. */
export async function renderYaml(folder: string): Promise<string> {
  const objects = await render(folder);
  return objects.map((object) => stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 })).join('---\n');
}
