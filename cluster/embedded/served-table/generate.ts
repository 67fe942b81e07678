/**
 * Writes the table of what is served and honoured into the cluster's README: `node cluster/embedded/served-table/generate.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { elementOf, typeOfKind, types } from '../../api-schema/facts.ts';
import { honoured, type Honoured } from '../kinds/honoured/honoured.ts';
import { kinds } from '../kinds/index.ts';
import { apiVersionOf } from '../kinds/kind.ts';
import { verbsOf } from '../apiserver/registry/api-resource.ts';
import { subresources } from '../apiserver/subresources/index.ts';
import { virtualResources } from '../apiserver/virtual/index.ts';

export const readme = new URL('../README.md', import.meta.url);
const MARKS = ['<!-- served: begin -->', '<!-- served: end -->'] as const;

/** The README with the table as it is now. */
export async function withTable(text: string): Promise<string> {
  const [before, after] = [text.split(MARKS[0])[0], text.split(MARKS[1])[1]];
  const table = [MARKS[0], kindTable(), typeTable(), MARKS[1]].join('\n\n');
  const config = await resolveConfig(readme.pathname);
  return format(`${before}${table}${after}`, { ...config, parser: 'markdown' });
}

function kindTable(): string {
  const stored = kinds.map((kind) => {
    const own = subresources.filter((subresource) => subresource.of(kind)).map(({ name }) => name);
    return [kind.kind, apiVersionOf(kind), 'all', own.join(', '), partsOf(kind.model).map(shortName).join(', ')];
  });
  const virtual = virtualResources.map((resource) => {
    const model = typeOfKind(apiVersionOf(resource), resource.kind);
    return [
      resource.kind,
      apiVersionOf(resource),
      verbsOf(resource).join(', '),
      '',
      partsOf(model).map(shortName).join(', '),
    ];
  });
  return table(['kind', 'of', 'verbs', 'subresources', 'of which in part, see below'], [...stored, ...virtual]);
}

function typeTable(): string {
  const rows = Object.entries(honoured).map(([type, fields]) => {
    const entries = Object.entries(fields);
    const none = Object.keys(types[type]!.fields).filter((field) => !isCommon(type, field) && !fields[field]);
    const [some, not] = [
      entries.filter(([, how]) => onlyOf(how)),
      entries.filter(([, how]) => how !== 'yes' && !how.only),
    ];
    return [
      shortName(type),
      entries
        .filter(([, how]) => how === 'yes')
        .map(([field]) => field)
        .join(', '),
      some
        .map(
          ([field, how]) =>
            `${field}: ${onlyOf(how)!
              .map((value) => code(value))
              .join(', ')}${reason(how)}`,
        )
        .join('; '),
      [...not.map(([field, how]) => `${field}${reason(how)}`), ...none].join(', '),
    ];
  });
  return table(['type', 'honoured', 'only with these values', 'without effect'], rows);
}

/** The outermost types that are honoured in part among those that a type is made of. */
function partsOf(model: string | undefined, seen = new Set<string>()): string[] {
  if (!model || seen.has(model) || !Object.hasOwn(types, model)) return [];
  seen.add(model);
  if (honoured[model]) return [model];
  const fields = Object.entries(types[model]!.fields).filter(([field]) => !isCommon(model, field));
  return fields.flatMap(([, { type }]) => partsOf(elementOf(type), seen));
}

function isCommon(type: string, field: string): boolean {
  return types[type]!.kind !== undefined && ['apiVersion', 'kind', 'metadata', 'status'].includes(field);
}

function onlyOf(how: Honoured): unknown[] | undefined {
  return how === 'yes' ? undefined : how.only;
}

function reason(how: Honoured): string {
  return how !== 'yes' && how.because ? ` (${how.because})` : '';
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function shortName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '-'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

if (import.meta.main) writeFileSync(readme, await withTable(readFileSync(readme, 'utf8')));
