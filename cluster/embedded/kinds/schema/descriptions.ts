import { existsSync, readFileSync } from 'node:fs';

/** What Kubernetes says of a type and its fields. */
export interface Descriptions {
  type: string;
  fields: Record<string, string>;
  required: string[];
}

const folder = new URL('gen/models/', import.meta.resolve('@kubernetes/client-node'));

/**
 * Reads what Kubernetes' OpenAPI says of a type from client-node's declarations, which are generated from it; nothing for types
 * that are not Kubernetes' own. A file is a comment, the class, then a comment (or none) before each field:
 * `'replicas'?: number;`
 */
export function descriptionsOf(model: string): Descriptions {
  const found: Descriptions = { type: '', fields: {}, required: [] };
  const file = new URL(`${model}.d.ts`, folder);
  if (!existsSync(file)) return found;
  let comment: string[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const text = /^\s*\*(?!\/) ?(.*)$/.exec(line)?.[1];
    const field = /^ {4}'(.+)'(\?)?: /.exec(line);
    if (text !== undefined) comment.push(text);
    else if (line.trim() === '/**') comment = [];
    else if (line.startsWith('export declare class')) found.type = taken();
    else if (field) {
      found.fields[field[1]!] = taken();
      if (!field[2]) found.required.push(field[1]!);
    }
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
