import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { KustomizeError } from './kustomize-error.ts';
import type { Files } from './files.ts';
import { parseYaml } from './yaml-file.ts';

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const text = z.string().min(1);
const pairs = z.record(z.string(), z.string());

const target = z.strictObject({
  group: text.optional(),
  version: text.optional(),
  kind: text.optional(),
  name: text.optional(),
  namespace: text.optional(),
  labelSelector: text.optional(),
  annotationSelector: text.optional(),
});
const patch = z.strictObject({ path: text.optional(), patch: text.optional(), target: target.optional() });
const generatorOptions = z.strictObject({
  labels: pairs.default({}),
  annotations: pairs.default({}),
  disableNameSuffixHash: z.boolean().optional(),
  immutable: z.boolean().optional(),
});
const generator = z.strictObject({
  name: text,
  namespace: text.optional(),
  behavior: z.enum(['create', 'merge', 'replace']).default('create'),
  files: z.array(text).default([]),
  literals: z.array(text).default([]),
  envs: z.array(text).default([]),
  options: generatorOptions.optional(),
});
const label = z.strictObject({
  pairs,
  includeSelectors: z.boolean().default(false),
  includeTemplates: z.boolean().default(false),
});
const image = z.strictObject({
  name: text,
  newName: text.optional(),
  newTag: z.coerce.string().min(1).optional(),
  digest: text.optional(),
});
const replacement = z.strictObject({
  source: target
    .omit({ labelSelector: true, annotationSelector: true })
    .extend({ fieldPath: text.default('metadata.name') }),
  targets: z.array(z.strictObject({ select: target, fieldPaths: z.array(text).min(1) })),
});
const kustomization = z.strictObject({
  apiVersion: text.optional(),
  kind: z.enum(['Kustomization', 'Component']).default('Kustomization'),
  metadata: z.looseObject({}).optional(),
  resources: z.array(text).default([]),
  components: z.array(text).default([]),
  patches: z.array(patch).default([]),
  replacements: z.array(replacement).default([]),
  namespace: text.optional(),
  labels: z.array(label).default([]),
  commonLabels: pairs.default({}),
  commonAnnotations: pairs.default({}),
  images: z.array(image).default([]),
  replicas: z.array(z.strictObject({ name: text, count: z.int().min(0) })).default([]),
  configMapGenerator: z.array(generator).default([]),
  secretGenerator: z.array(generator.extend({ type: text.optional() })).default([]),
  generatorOptions: generatorOptions.optional(),
});

export type Kustomization = z.infer<typeof kustomization>;
export type Patch = z.infer<typeof patch>;
export type Replacement = z.infer<typeof replacement>;
export type PatchTarget = z.infer<typeof target>;
export type Label = z.infer<typeof label>;
export type ImageChange = z.infer<typeof image>;
export type Generator = z.infer<typeof generator> & { type?: string | undefined };
export type GeneratorOptions = z.infer<typeof generatorOptions>;

/** Fields that kubectl knows and this renderer does not, and what to write instead where there is something. */
const unsupported: Record<string, string> = {
  bases: 'list the folder under `resources`',
  patchesStrategicMerge: 'list the patch under `patches`',
  patchesJson6902: 'list the patch under `patches`',
  vars: 'write the values out',
  env: 'use `envs`',
};

/** Reads the kustomization of a folder. */
export async function readKustomization(folder: string, files: Files): Promise<Kustomization> {
  await files.isFolder(folder, folder); // outside of the root not even what is there is told
  const file = await findFile(folder);
  const [value, ...more] = parseYaml(await files.text(file, folder), file);
  if (more.length > 0) throw new KustomizeError('malformed', `${file} holds several documents; keep one.`);
  const result = kustomization.safeParse(value ?? {});
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join('.') ?? '';
  if (issue?.code !== 'unrecognized_keys') {
    throw new KustomizeError('malformed', `${file} is not a kustomization: ${path}: ${issue?.message}.`);
  }
  const field = issue.keys[0]!;
  const instead = unsupported[field] ?? 'remove it, or render with `kubectl kustomize`';
  throw new KustomizeError(
    'unknown-field',
    `${file} has the field \`${path ? `${path}.` : ''}${field}\`, which is not supported here; ${instead}.`,
  );
}

async function findFile(folder: string): Promise<string> {
  const present: string[] = [];
  for (const name of names) {
    try {
      if ((await stat(join(folder, name))).isFile()) present.push(join(folder, name));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code))))
        throw error;
    }
  }
  const [file, other] = present;
  if (!file)
    throw new KustomizeError('not-found', `${folder} holds no kustomization.yaml; add one, or correct the path.`);
  if (other) throw new KustomizeError('malformed', `${folder} holds ${file} and ${other}; keep one of them.`);
  return file;
}
