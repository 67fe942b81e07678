import { join } from 'node:path';
import { applyPatch, Pointer, type Operation } from 'rfc6902';
import { typeOfKind } from '../api-schema/facts.ts';
import { strategicMerge, StrategicMergeError } from '../strategic-merge/strategic-merge.ts';
import { describe, groupOf, type KubeObject, type Resource } from './kube-object.ts';
import type { Patch } from './kustomization.ts';
import { KustomizeError } from './kustomize-error.ts';
import { selects } from './patch-target.ts';
import type { Files } from './files.ts';
import { parseYaml } from './yaml-file.ts';

/** Applies patches in turn: a list of operations (RFC 6902), or parts of objects (strategic merge). */
export async function applyPatches(
  resources: Resource[],
  patches: Patch[],
  folder: string,
  files: Files,
): Promise<void> {
  for (const patch of patches) {
    const where = patch.path ? join(folder, patch.path) : `a patch in ${folder}`;
    if (Boolean(patch.path) === Boolean(patch.patch)) {
      throw new KustomizeError('bad-patch', `A patch in ${folder} must have one of \`path\` and \`patch\`.`);
    }
    const text = patch.path ? await files.text(join(folder, patch.path), folder) : patch.patch!;
    const documents = parseYaml(text, where);
    if (documents.length === 0) throw new KustomizeError('bad-patch', `${where} is empty; remove it or fill it.`);
    for (const document of documents) {
      if (Array.isArray(document)) applyOperations(resources, document as Operation[], patch.target, where);
      else mergeInto(resources, document as KubeObject, patch.target, where);
    }
  }
}

function applyOperations(resources: Resource[], operations: Operation[], target: Patch['target'], where: string): void {
  if (!target)
    throw new KustomizeError('bad-patch', `${where} is a list of operations; say under \`target\` what it is for.`);
  for (const resource of resources.filter(selects(target))) {
    const patched = structuredClone(resource.object);
    const failed = operations.map((operation) => applyOperation(patched, operation)).find((error) => error !== null);
    if (failed) {
      throw new KustomizeError(
        'bad-patch',
        `${where} does not apply to ${describe(resource.object)}: ${failed.message}`,
      );
    }
    resource.object = patched;
  }
}

/** kubectl lets `replace` set a field that is not there yet, which the standard does not. */
function applyOperation(object: KubeObject, operation: Operation): Error | null {
  const { op, path } = operation;
  const sets = op === 'replace' && Pointer.fromJSON(path).get(object) === undefined;
  const [error] = applyPatch(object, [structuredClone(sets ? { ...operation, op: 'add' } : operation)]);
  return error ?? null;
}

function mergeInto(resources: Resource[], patch: KubeObject, target: Patch['target'], where: string): void {
  const matching = resources.filter(target ? selects(target) : isMeantBy(patch));
  if (matching.length === 0 && !target) {
    const name = patch.metadata?.name ?? '(no name)';
    throw new KustomizeError(
      'no-match',
      `${where} is for ${patch.kind} ${name}, but there is none; correct its name or kind.`,
    );
  }
  for (const resource of matching) {
    const { apiVersion, kind, metadata } = resource.object;
    let merged: KubeObject | undefined;
    try {
      merged = strategicMerge({ ...resource.object }, { ...patch }, typeOfKind(apiVersion, kind), {
        order: 'patch-first',
      }) as KubeObject | undefined;
    } catch (cause) {
      if (!(cause instanceof StrategicMergeError)) throw cause;
      throw new KustomizeError(
        'bad-patch',
        `${where} does not apply to ${describe(resource.object)}: ${cause.message}`,
        {
          cause,
        },
      );
    }
    if (!merged) {
      resources.splice(resources.indexOf(resource), 1);
      continue;
    }
    // With a target the patch may go to many: it cannot rename them.
    resource.object = structuredClone({
      ...merged,
      apiVersion,
      kind,
      metadata: { ...merged.metadata, name: metadata.name },
    });
  }
}

/** Without a target, a patch says itself which object it is for. */
function isMeantBy(patch: KubeObject): (resource: Resource) => boolean {
  return ({ object, originalName }) =>
    object.kind === patch.kind &&
    groupOf(object) === groupOf(patch) &&
    [object.metadata.name, originalName].includes(patch.metadata?.name) &&
    (patch.metadata.namespace ?? object.metadata.namespace) === object.metadata.namespace;
}
