import type { KubeObject, Resource } from './kube-object.ts';
import type { Files } from './files.ts';
import { readEntries, type Entry } from './generator-sources.ts';
import type { Generator, GeneratorOptions, Kustomization } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';

/**
 * ConfigMaps and Secrets made from literals and files. Those that merge into or replace one of `resources` change it
 * there; the new ones are returned.
 */
export async function generate(
  kustomization: Kustomization,
  folder: string,
  resources: Resource[],
  files: Files,
): Promise<Resource[]> {
  const all = [
    ...kustomization.configMapGenerator.map((generator) => ({ kind: 'ConfigMap', generator: generator as Generator })),
    ...kustomization.secretGenerator.map((generator) => ({ kind: 'Secret', generator: generator as Generator })),
  ];
  const created: Resource[] = [];
  for (const { kind, generator } of all) {
    const made = await make(kind, generator, kustomization.generatorOptions, folder, files);
    if (generator.behavior === 'create') created.push(made);
    else change([...resources, ...created], made, generator);
  }
  return created;
}

async function make(
  kind: string,
  generator: Generator,
  common: GeneratorOptions | undefined,
  folder: string,
  files: Files,
): Promise<Resource> {
  const entries = await readEntries(generator, folder, files);
  const own = generator.options;
  const labels = { ...common?.labels, ...own?.labels };
  const annotations = { ...common?.annotations, ...own?.annotations };
  const { name, namespace } = generator;
  const object: KubeObject = {
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    ...(kind === 'Secret' ? { type: generator.type ?? 'Opaque', data: encoded(entries) } : configMapData(entries)),
    ...((own?.immutable ?? common?.immutable) && { immutable: true }),
  };
  const unhashed = own?.disableNameSuffixHash ?? common?.disableNameSuffixHash ?? false;
  return { object, originalName: name, hashed: !unhashed };
}

/** Text where it is text, else base64 in `binaryData`. */
function configMapData(entries: Entry[]): Record<string, unknown> {
  const isText = ({ value }: Entry) => Buffer.from(value.toString('utf8')).equals(value);
  const text = entries.filter(isText);
  const binary = entries.filter((entry) => !isText(entry));
  return {
    ...(text.length > 0 && { data: Object.fromEntries(text.map(({ key, value }) => [key, value.toString('utf8')])) }),
    ...(binary.length > 0 && { binaryData: encoded(binary) }),
  };
}

function encoded(entries: Entry[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, wrapped(value.toString('base64'))]));
}

/** kubectl breaks long base64 into lines of 70, each ended; the hash of the name counts them in. */
function wrapped(base64: string): string {
  return base64.length < 70 ? base64 : base64.replace(/.{1,70}/g, '$&\n');
}

function change(resources: Resource[], made: Resource, { behavior, name, namespace }: Generator): void {
  const { kind } = made.object;
  const found = resources.find(({ object, originalName }) => {
    const same = object.kind === kind && [object.metadata.name, originalName].includes(name);
    return same && (namespace ?? object.metadata.namespace) === object.metadata.namespace;
  });
  if (!found) {
    throw new KustomizeError(
      'bad-generator',
      `There is no ${kind} ${name} to ${behavior}; create it first, in a folder below.`,
    );
  }
  const { object } = found;
  for (const field of ['labels', 'annotations'] as const) {
    const added = made.object.metadata[field];
    if (added) object.metadata[field] = { ...object.metadata[field], ...added };
  }
  for (const field of ['data', 'binaryData']) {
    const before = behavior === 'merge' ? (object[field] as object | undefined) : undefined;
    const after = { ...before, ...(made.object[field] as object | undefined) };
    if (Object.keys(after).length > 0) object[field] = after;
    else delete object[field];
  }
  if (made.object['type']) object['type'] = made.object['type'];
  if (made.object['immutable']) object['immutable'] = true;
  found.hashed ||= made.hashed;
}
