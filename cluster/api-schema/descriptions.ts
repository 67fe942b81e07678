import { existsSync, readFileSync } from 'node:fs';

/** What Kubernetes says of a type and its fields. */
export interface Descriptions {
  type: string;
  fields: Record<string, string>;
}

const folder = new URL('gen/models/', import.meta.resolve('@kubernetes/client-node'));

/**
 * Reads what Kubernetes' OpenAPI says of a type (`io.k8s.api.core.v1.Pod`) from client-node's declarations, which are generated
 * from it; nothing for types that are not Kubernetes' own. A file is a comment, the class, then a comment (or none) before each
 * field: `'replicas'?: number;`
 */
export function descriptionsOf(type: string): Descriptions {
  const found: Descriptions = { type: '', fields: {} };
  const file = fileOf(type);
  if (!file) return found;
  let comment: string[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const text = /^\s*\*(?!\/) ?(.*)$/.exec(line)?.[1];
    const field = /^ {4}'(.+)'\??: /.exec(line)?.[1];
    if (text !== undefined) comment.push(text);
    else if (line.trim() === '/**') comment = [];
    else if (line.startsWith('export declare class')) found.type = taken();
    else if (field) found.fields[field] = taken();
  }
  return found;

  function taken(): string {
    // The generator escapes quotes as if it wrote a string.
    const text = comment
      .join('\n')
      .trim()
      .replace(/\\(['"])/g, '$1');
    comment = [];
    return text;
  }
}

/** A model is called `V1Pod`, or where two groups have one of that name, `CoreV1Event`. */
function fileOf(type: string): URL | undefined {
  const [group, version, name] = type.split('.').slice(-3);
  if (!group || !version || !name) return undefined;
  const model = version[0]!.toUpperCase() + version.slice(1) + name;
  const names = [model, group[0]!.toUpperCase() + group.slice(1) + model];
  return names.map((name) => new URL(`${name}.d.ts`, folder)).find((file) => existsSync(file));
}
