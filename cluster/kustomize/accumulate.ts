import { join, resolve } from 'node:path';
import type { Files } from './files.ts';
import { generate } from './generators.ts';
import { setImages } from './images.ts';
import { describe, type KubeObject, type Resource } from './kube-object.ts';
import { readKustomization, type Kustomization } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';
import { setAnnotations, setLabels } from './labels.ts';
import { setNamespace } from './namespace.ts';
import { applyPatches } from './patches.ts';
import { applyReplacements } from './replacements.ts';
import { setReplicas } from './replicas.ts';
import { parseYaml } from './yaml-file.ts';

/**
 * The resources of a folder: those of its files and folders first, then generated ones, then what its components make of
 * all of these, then its own transformers. `above` are the folders on the way here.
 */
export async function accumulate(folder: string, files: Files, above: string[] = []): Promise<Resource[]> {
  const kustomization = await open(folder, 'Kustomization', files, above);
  const resources: Resource[] = [];
  await build(kustomization, folder, resources, files, [...above, folder]);
  return resources;
}

async function open(
  folder: string,
  kind: Kustomization['kind'],
  files: Files,
  above: string[],
): Promise<Kustomization> {
  if (above.includes(folder)) {
    throw new KustomizeError(
      'cycle',
      `${folder} includes itself, by way of ${above.at(-1)}; remove one of the references.`,
    );
  }
  const kustomization = await readKustomization(folder, files);
  if (kustomization.kind === kind) return kustomization;
  const list = kustomization.kind === 'Component' ? 'components' : 'resources';
  throw new KustomizeError('malformed', `${folder} is a ${kustomization.kind}; list it under \`${list}\`.`);
}

async function build(
  kustomization: Kustomization,
  folder: string,
  resources: Resource[],
  files: Files,
  path: string[],
): Promise<void> {
  for (const entry of kustomization.resources) {
    for (const resource of await load(entry, folder, files, path)) add(resources, resource);
  }
  for (const resource of await generate(kustomization, folder, resources, files)) add(resources, resource);
  for (const entry of kustomization.components) {
    const component = resolve(folder, entry);
    // A component is not a folder of its own: it changes what the one that names it has gathered so far.
    await build(await open(component, 'Component', files, path), component, resources, files, [...path, component]);
  }
  await transform(kustomization, folder, resources, files);
}

/** In kubectl's order, which shows where two of them touch the same field. */
async function transform(
  kustomization: Kustomization,
  folder: string,
  resources: Resource[],
  files: Files,
): Promise<void> {
  await applyPatches(resources, kustomization.patches, folder, files);
  if (kustomization.namespace) setNamespace(resources, kustomization.namespace);
  setLabels(resources, [
    ...kustomization.labels,
    { pairs: kustomization.commonLabels, includeSelectors: true, includeTemplates: true },
  ]);
  setAnnotations(resources, kustomization.commonAnnotations);
  setReplicas(resources, kustomization.replicas, folder);
  setImages(resources, kustomization.images);
  applyReplacements(resources, kustomization.replacements, folder);
}

async function load(entry: string, folder: string, files: Files, path: string[]): Promise<Resource[]> {
  if (/^(https?|ssh|git|file):|^git@|\?ref=/.test(entry)) {
    throw new KustomizeError(
      'unsupported',
      `${folder} lists ${entry}; remote resources are not fetched: copy it here.`,
    );
  }
  const target = join(folder, entry);
  if (await files.isFolder(target, folder)) return accumulate(target, files, path);
  return parseYaml(await files.text(target, folder), target)
    .flatMap((value) => items(value, target))
    .map((object) => ({ object, originalName: object.metadata.name, hashed: false }));
}

function items(value: unknown, file: string): KubeObject[] {
  const object = value as Partial<KubeObject> | undefined;
  if (object?.kind === 'List' && Array.isArray(object['items'])) {
    return object['items'].flatMap((item) => items(item, file));
  }
  if (typeof object === 'object' && object?.apiVersion && object.kind && object.metadata?.name)
    return [object as KubeObject];
  throw new KustomizeError(
    'malformed',
    `${file} holds something without apiVersion, kind and metadata.name; complete it.`,
  );
}

function add(resources: Resource[], added: Resource): void {
  const id = describe(added.object);
  if (resources.some(({ object }) => describe(object) === id)) {
    throw new KustomizeError('duplicate-resource', `${id} is there twice; remove or rename one of them.`);
  }
  resources.push(added);
}
