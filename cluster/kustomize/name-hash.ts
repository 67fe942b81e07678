import { createHash } from 'node:crypto';
import type { KubeObject, Resource } from './kube-object.ts';
import { renameReferences } from './name-references.ts';

/** Gives generated resources names that change with their content, so that a change rolls out, and corrects references. */
export function addHashes(resources: Resource[]): void {
  for (const { object, hashed } of resources) {
    if (!hashed) continue;
    const before = object.metadata.name;
    const after = `${before}-${contentHash(object)}`;
    object.metadata.name = after;
    renameReferences(resources, object, before);
  }
}

/**
 * kubectl's hash: the first ten hex digits of the SHA-256 of the content in canonical JSON, with digits replaced so that
 * no words come about. The name that is hashed along is always empty (https://github.com/kubernetes-sigs/kustomize/blob/master/api/hasher/hasher.go).
 */
function contentHash({ kind, data, binaryData, type, stringData }: KubeObject): string {
  const content =
    kind === 'Secret'
      ? { data: data ?? '', kind, name: '', ...(stringData ? { stringData } : {}), type: type ?? '' }
      : { ...(binaryData ? { binaryData } : {}), data: data ?? '', kind, name: '' };
  const replaced: Record<string, string> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };
  const digest = createHash('sha256').update(goJson(content)).digest('hex');
  return [...digest.slice(0, 10)].map((digit) => replaced[digit] ?? digit).join('');
}

/** JSON as Go writes it: keys sorted, and what HTML could misread escaped. */
function goJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  }).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
